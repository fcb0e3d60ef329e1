import MarketData
import PairStatistics

/// The periodic tests of one reading in their order, and their state: the evidence, the break monitor and the alerts.
///
/// A test runs elsewhere, and its result may arrive after further bars have closed. Those bars wait here, so that the
/// break monitor processes bars and results in the order of event time, and the state is a function of the bars alone.
struct TestSequence: Sendable {
    /// One bar for the break monitor and the alerts.
    struct Step: Sendable {
        let slot: Int64
        /// Nil for a bar without a value, or with an old price of a leg.
        let values: (x: Double, y: Double)?
        var alerts = AlertMonitor.Bar()
    }

    let settings: TestSettings
    private let countedInterval: Int64
    private var evidence: CointegrationEvidence {
        didSet {
            // Read at every bar, but changed by tests alone.
            value = evidence.testsCounted > 0 ? evidence.value : nil
            isProven = evidence.testsCounted > 0 && evidence.isProven
        }
    }
    private var value: Double?
    private var isProven = false
    private var breaks: BreakSignal
    private var alerts: AlertMonitor
    /// The test that runs, and those that wait for it.
    private var jobs: [TestJob] = []
    /// Bars after the test that runs.
    private var steps: [Step] = []
    /// Slots after the test that runs at which one that counts was due and could not run.
    private var refusals: [Int64] = []
    /// The last slot at which a test was due and could not run.
    private var refusedSlot = Int64.min
    private var lastMemory = Boxed<ReadingMemory>()
    private var restored = Boxed<ReadingMemory>()

    init(window: Int, settings: TestSettings, alerts: AlertSettings) {
        self.settings = settings
        self.alerts = AlertMonitor(window: window, settings: alerts)
        let interval = settings.countedInterval(window: window)
        countedInterval = Int64(interval)
        evidence = CointegrationEvidence(window: window, step: interval)
        breaks = BreakSignal(window: window, interval: interval)
    }

    /// How often `stationarity_risk` has begun.
    var breakEntries: UInt32 {
        get { breaks.entries }
        set { breaks.entries = newValue }
    }

    /// The state of the tests before the last one that counts.
    var memory: ReadingMemory? { lastMemory.value }

    /// Tests that are due and have no result yet.
    var waitingCount: Int { jobs.count }

    /// Continues from a state once a test at or after its slot is due; earlier tests are left out.
    mutating func restore(_ memory: ReadingMemory) {
        restored.value = memory
    }

    /// Adds a bar.
    mutating func step(_ step: Step) {
        if jobs.isEmpty { process(step) } else { steps.append(step) }
    }

    private mutating func process(_ step: Step) {
        breaks.step(.init(slot: step.slot, values: step.values))
        var bar = step.alerts
        if breaks.isActive { bar.signals.insert(.stationarityRisk) } else { bar.signals.remove(.stationarityRisk) }
        alerts.step(
            bar,
            slot: step.slot,
            confidence: PairReading.confidence(quality: bar.quality, evidence: value),
            isProven: isProven
        )
    }

    /// Records that a test was due and could not run.
    mutating func refuse(slot: Int64) {
        refusedSlot = slot
        guard slot.isMultiple(of: countedInterval), isReached(slot) else { return }
        if jobs.isEmpty { evidence.skip(slot: slot) } else { refusals.append(slot) }
    }

    /// Whether a later test than that of a slot was due and could not run.
    func isRefused(since slot: Int64) -> Bool { slot <= refusedSlot }

    /// Adds a test after those that are due.
    /// - Returns: the test, when it can run at once.
    mutating func enqueue(
        reading: Int,
        slot: Int64,
        closeTime: Timestamp,
        run: (x: [Double], y: [Double]),
        isFresh: Bool
    ) -> TestJob? {
        guard isReached(slot) else { return nil }
        let job = TestJob(
            reading: reading,
            slot: slot,
            closeTime: closeTime,
            y: run.y,
            x: run.x,
            settings: settings,
            isCounted: slot.isMultiple(of: countedInterval),
            isFresh: isFresh,
            evidence: evidence
        )
        // One that does not count is of interest only while it is the latest.
        if jobs.count > 1, let last = jobs.last, !last.isCounted {
            jobs[jobs.count - 1] = job
        } else {
            jobs.append(job)
        }
        return jobs.count == 1 ? job : nil
    }

    /// Whether this is the test that runs.
    func isRunning(_ job: TestJob) -> Bool { jobs.first?.slot == job.slot }

    /// Records the result of the test that runs.
    /// - Returns: the next test.
    mutating func complete(_ job: TestJob, _ judgement: Judgement, reading: Int) -> TestJob? {
        jobs.removeFirst()
        if job.isCounted {
            lastMemory.value = ReadingMemory(slot: job.slot, evidence: evidence, breaks: breaks, alerts: alerts)
            evidence = judgement.evidence
            breaks.record(job, judgement)
        }
        let next = jobs.first?.slot ?? .max
        while let refused = refusals.first, refused < next {
            evidence.skip(slot: refused)
            refusals.removeFirst()
        }
        var count = 0
        while count < steps.count, steps[count].slot <= next {
            process(steps[count])
            count += 1
        }
        steps.removeFirst(count)
        return runningTest(reading: reading)
    }

    /// The test that runs, from the present evidence.
    func runningTest(reading: Int) -> TestJob? {
        guard var job = jobs.first else { return nil }
        job.reading = reading
        job.evidence = evidence
        return job
    }

    /// Writes the state of the tests.
    func show(in reading: inout PairReading) {
        reading.evidence = value
        reading.isProven = isProven
        reading.activeAlerts = alerts.active
        let signal = SignalSet(.stationarityRisk)
        if breaks.isActive { reading.signals.active.insert(signal) } else { reading.signals.active.remove(signal) }
        if value != nil { reading.signals.known.insert(signal) } else { reading.signals.known.remove(signal) }
        reading.signals.entries[Signal.stationarityRisk.position] = breaks.entries
    }

    /// Whether tests run at this slot: from the slot of the restored memory on, where there is one.
    private mutating func isReached(_ slot: Int64) -> Bool {
        guard let restored = restored.value else { return true }
        if slot < restored.slot { return false }
        resume(from: restored)
        return true
    }

    private mutating func resume(from memory: ReadingMemory) {
        restored.value = nil
        let entries = breaks.entries
        evidence = memory.evidence
        breaks = memory.breaks
        breaks.entries = entries
        if let earlier = memory.alerts { alerts.restore(earlier) }
    }
}
