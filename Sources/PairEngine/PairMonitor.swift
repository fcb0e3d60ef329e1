import MarketData
import PairStatistics

/// One pair at one timeframe: its legs' bars aligned, and its windows.
struct PairMonitor: Sendable {
    let y: InstrumentID
    let x: InstrumentID
    private let timeframe: Timeframe
    private var aligner: PairAligner
    private var windows: [PairWindow]
    private var lastSlot: Int64?
    /// Whether readings wait for what a revision changed.
    private var isRevised = false
    private var lastTradedSlots: (y: Int64?, x: Int64?)

    /// - Parameter firstReading: the position of the first window's reading; the others follow.
    init(definition: PairDefinition, timeframe: Timeframe, firstReading: Int, settings: EngineSettings) {
        y = definition.y
        x = definition.x
        self.timeframe = timeframe
        aligner = PairAligner(price: definition.price)
        windows = definition.windows.enumerated().map { offset, window in
            PairWindow(
                reading: firstReading + offset,
                window: window,
                minimumFill: settings.minimumFill,
                settings: definition.tests,
                thresholds: definition.signals,
                alerts: definition.alerts
            )
        }
    }

    /// Goes on where another monitor of the same legs, timeframe, windows and settings is.
    mutating func adopt(_ other: PairMonitor) {
        let readings = windows.map(\.reading)
        self = other
        for (index, reading) in readings.enumerated() { windows[index].reading = reading }
    }

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { aligner.isWaiting }

    /// Takes a closed bar of one leg, or of both when a pair is made of one instrument twice.
    mutating func append(_ bar: Bar) {
        if bar.instrument == y { aligner.appendY(bar) }
        if bar.instrument == x { aligner.appendX(bar) }
    }

    /// Takes a bar in place of one that was told before or was missing.
    mutating func revise(_ bar: Bar) {
        let (isY, isX) = (bar.instrument == y, bar.instrument == x)
        guard !aligner.replace(bar, ofY: isY, ofX: isX), let lastSlot else { return }
        let leg = aligner.leg(bar)
        for index in windows.indices {
            windows[index].revise(slotsBack: lastSlot - bar.slot, y: isY ? leg : nil, x: isX ? leg : nil)
        }
        isRevised = true
    }

    /// Turns complete slots into readings.
    /// - Parameters:
    ///   - watermark: both legs have closed every bar that ends at or before it.
    ///   - now: when the bars taken since the last call arrived; nil leaves them waiting for the watermark alone.
    ///   - timeout: microseconds after which a leg's bar waits no longer for the other leg.
    mutating func advance(
        watermark: Timestamp?,
        now: Timestamp?,
        timeout: Int64,
        readings: inout PairReadings,
        jobs: inout [TestJob]
    ) {
        if let now { aligner.note(arrival: now) }
        let deadline = now.map { $0 - timeout }
        while let slot = aligner.next(watermark: watermark, deadline: deadline) {
            let closeTime = timeframe.closeTime(of: slot.slot)
            if case .close(_, isCarried: false) = slot.y { lastTradedSlots.y = slot.slot }
            if case .close(_, isCarried: false) = slot.x { lastTradedSlots.x = slot.slot }
            let oldest = min(lastTradedSlots.y ?? .max, lastTradedSlots.x ?? .max)
            let tradedTime = oldest == .max ? nil : timeframe.closeTime(of: oldest)
            let skipped = lastSlot.map { slot.slot - $0 - 1 } ?? 0
            for index in windows.indices {
                let reading = windows[index].reading
                if skipped > 0 { windows[index].skip(skipped, through: slot.slot - 1) }
                windows[index].append(slot, closeTime: closeTime, to: &readings[reading])
                readings[reading].tradedTime = tradedTime
                if let job = windows[index].dueTest(slot: slot.slot, closeTime: closeTime, for: &readings[reading]) {
                    jobs.append(job)
                }
            }
            lastSlot = slot.slot
            isRevised = false
        }
        guard isRevised else { return }
        isRevised = false
        for window in windows { window.refresh(&readings[window.reading]) }
    }

    /// Records the result of the test of one of the windows.
    /// - Returns: the test of that window that waited for it, if any.
    mutating func complete(
        _ job: TestJob,
        _ judgement: Judgement,
        _ outcome: TestOutcome?,
        readings: inout PairReadings
    ) -> TestJob? {
        guard let index = index(of: job) else { return nil }
        return windows[index].complete(job, judgement, outcome, to: &readings[job.reading])
    }

    /// Shows the figures of a test of one of the windows, whose result has been taken.
    func show(_ job: TestJob, _ outcome: TestOutcome, readings: inout PairReadings) {
        guard let index = index(of: job) else { return }
        windows[index].show(job, outcome, in: &readings[job.reading])
    }

    /// What the tests of each window left, by reading.
    func memory(of reading: Int) -> ReadingMemory? {
        windows.first { $0.reading == reading }?.memory
    }

    /// Goes on from what was left.
    mutating func restore(_ memory: ReadingMemory, reading: Int) {
        for index in windows.indices where windows[index].reading == reading { windows[index].restore(memory) }
    }

    /// The tests that run elsewhere, one for each window at most.
    var runningTests: [TestJob] { windows.compactMap(\.runningTest) }

    /// Tests that are due and have no result yet.
    var waitingTests: Int { windows.reduce(0) { $0 + $1.waitingTests } }

    /// How often the signals of each window have begun.
    var signalEntries: [SIMD4<UInt32>] {
        windows.map(\.signalEntries)
    }

    /// Goes on counting from where another run of the same pair stands.
    mutating func setSignalEntries(_ entries: [SIMD4<UInt32>], readings: inout PairReadings) {
        for (index, entries) in zip(windows.indices, entries) {
            windows[index].signalEntries = entries
            readings[windows[index].reading].signals.entries = entries
        }
    }

    private func index(of job: TestJob) -> Int? {
        windows.firstIndex { $0.reading == job.reading }
    }
}
