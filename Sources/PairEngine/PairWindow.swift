import MarketData
import PairStatistics

/// One window of one pair at one timeframe: bars in, a reading out, in constant time per bar.
struct PairWindow: Sendable {
    /// Share of the window that a stretch without a gap must have before tests run on it.
    static let minimumTestStretch = 0.8

    var reading: Int
    let window: Int
    private let minimumFill: Double
    private var rolling: RollingMoments
    private var flags = FlagCounts()
    private var distinctValues = DistinctValues()
    var signals: SignalMonitor
    private var tests: TestSequence
    private var previousFit: Measured<LinearFit> = .failure(.warmingUp)
    private var hasBeenValid = false
    /// Whether a leg has no bar of the newest slot.
    private var isAbsent = false

    init(
        reading: Int,
        window: Int,
        minimumFill: Double,
        settings: TestSettings,
        thresholds: SignalThresholds,
        alerts: AlertSettings = AlertSettings()
    ) {
        self.reading = reading
        self.window = window
        self.minimumFill = minimumFill
        rolling = RollingMoments(capacity: window)
        tests = TestSequence(window: window, settings: settings, alerts: alerts)
        signals = SignalMonitor(window: window, thresholds: thresholds)
    }

    /// Appends the next slot of the grid, without a bar of either leg.
    /// - Parameter history: the pair's slots, this one included.
    mutating func appendNothing(at slot: Int64, history: PairHistory, of slots: PairSlots) {
        flags.replace(history.flags(at: slot &- Int64(window)), with: [])
        rolling.append(SIMD2(repeating: .nan), of: slots)
    }

    /// Ends a stretch of slots without a bar.
    /// - Parameters:
    ///   - count: how many; fewer than the window have been appended.
    ///   - slot: the last of them.
    ///   - slots: the pair's slots.
    mutating func skip(_ count: Int64, through slot: Int64, of slots: PairSlots) {
        if count >= Int64(window) {
            flags = FlagCounts()
            rolling.clear(through: slot)
        }
        distinctValues.recount(rolling, of: slots)
        signals.skip(count)
        tests.step(.init(slot: slot, values: nil))
        previousFit = fit()
    }

    /// Updates the sums by a slot that has been revised.
    /// - Parameters:
    ///   - slotsBack: how many slots it lies before the newest.
    ///   - change: its flags before and after.
    ///   - slots: the pair's slots.
    mutating func revise(
        slotsBack: Int64,
        _ change: (old: SlotFlags, new: SlotFlags, isComplete: Bool),
        of slots: PairSlots
    ) {
        guard slotsBack < Int64(window) else { return }
        rolling.revise(slotsBack: Int(slotsBack), of: slots)
        flags.replace(change.old, with: change.new)
        if change.isComplete { hasBeenValid = true }
        distinctValues.recount(rolling, of: slots)
        previousFit = fit()
    }

    /// Writes what follows from revised slots, between two bars.
    func refresh(_ reading: inout PairReading) {
        readCounts(to: &reading)
        let fit = fit()
        reading.fit = fit
        if let last = rolling.latest {
            reading.spread = fit.map { $0.residual(x: last.x, y: last.y) }
            reading.zScore = fit.flatMap { fit in
                measured { () throws(UndefinedStatistic) in try fit.zScore(x: last.x, y: last.y) }
            }
        }
        readCorrelations(fit: fit, to: &reading)
    }

    /// Appends the next slot of the grid and writes what follows from it.
    /// - Parameters:
    ///   - history: the pair's slots, this one included.
    ///   - slots: their values.
    mutating func append(
        _ slot: AlignedSlot,
        history: PairHistory,
        of slots: PairSlots,
        closeTime: Timestamp,
        to reading: inout PairReading
    ) {
        rolling.align(nextSlot: slot.slot)
        rolling.append(SIMD2(slot.x.value, slot.y.value), of: slots)
        let new = slot.flags
        let isCarried = new.contains(.carried)
        flags.replace(history.flags(at: slot.slot &- Int64(window)), with: new)
        if slot.missing == nil { hasBeenValid = true }
        distinctValues.update(rolling, of: slots)
        isAbsent = slot.missing == .stale
        reading.closeTime = closeTime
        readCounts(to: &reading)

        let fit = fit()
        reading.fit = fit
        readLastBar(of: slot, fit: fit, to: &reading)
        readCorrelations(fit: fit, to: &reading)
        signals.update(rolling, of: slots, isCarried: isCarried, &reading)
        tests.step(
            .init(
                slot: slot.slot,
                values: isCarried ? nil : rolling.latest,
                alerts: signals.alertBar(reading, isCarried: isCarried)
            )
        )
        tests.show(in: &reading)
        previousFit = fit
    }

    /// Sums up the window again.
    mutating func resum(_ slots: PairSlots) {
        rolling.revise(slotsBack: 0, of: slots)
        distinctValues.recount(rolling, of: slots)
    }

    /// Appends the next slot of the grid, writes what follows from it, and adds the test that is due then.
    mutating func step(
        _ slot: AlignedSlot,
        history: PairHistory,
        of slots: PairSlots,
        closeTime: Timestamp,
        tradedTime: Timestamp?,
        reading: inout PairReading,
        jobs: inout [TestJob]
    ) {
        append(slot, history: history, of: slots, closeTime: closeTime, to: &reading)
        reading.tradedTime = tradedTime
        if let job = dueTest(slot: slot.slot, of: slots, closeTime: closeTime, for: &reading) { jobs.append(job) }
    }

    /// The test that is due after this slot, if any and if none before it is still running; where it cannot run, the
    /// reading has the reason.
    ///
    /// Due slots lie on the grid, so that a restart tests at the same moments.
    mutating func dueTest(
        slot: Int64,
        of slots: PairSlots,
        closeTime: Timestamp,
        for reading: inout PairReading
    ) -> TestJob? {
        guard slot.isMultiple(of: Int64(tests.settings.interval(window: window))) else { return nil }
        return test(slot: slot, of: slots, closeTime: closeTime, for: &reading)
    }

    /// The test of the window as it is after this slot, under the same conditions.
    mutating func test(
        slot: Int64,
        of slots: PairSlots,
        closeTime: Timestamp,
        for reading: inout PairReading
    ) -> TestJob? {
        guard isFilled else {
            tests.refuse(slot: slot)
            tests.show(in: &reading)
            reading.tests = .failure(unfilledReason)
            return nil
        }
        let run = rolling.longestContiguousRun(of: slots)
        guard Double(run.y.count) / Double(window) >= Self.minimumTestStretch else {
            tests.refuse(slot: slot)
            tests.show(in: &reading)
            reading.tests = .failure(isAbsent ? .stale : .gap)
            return nil
        }
        return tests.enqueue(
            reading: self.reading,
            slot: slot,
            closeTime: closeTime,
            run: run,
            isFresh: Double(flags.carried) <= Double(window) * (1 - SignalMonitor.minimumRecentFill)
        )
    }

    /// Records the result of the test that runs; one of another test changes nothing.
    /// - Parameter outcome: nil where the figures are not needed, as a later test follows.
    /// - Returns: the test that waited behind it, if any.
    mutating func complete(
        _ job: TestJob,
        _ judgement: Judgement,
        _ outcome: TestOutcome?,
        to reading: inout PairReading
    ) -> TestJob? {
        guard tests.isRunning(job) else { return nil }
        let next = tests.complete(job, judgement, reading: self.reading)
        tests.show(in: &reading)
        if let outcome { show(job, outcome, in: &reading) }
        return next
    }

    /// Shows the figures of a test whose result has been recorded.
    func show(_ job: TestJob, _ outcome: TestOutcome, in reading: inout PairReading) {
        if !tests.isRefused(since: job.slot) { reading.tests = .success(outcome) }
    }

    /// The test that runs elsewhere, for another owner.
    var runningTest: TestJob? { tests.runningTest(reading: reading) }

    /// Tests that are due and have no result yet.
    var waitingTests: Int { tests.waitingCount }

    /// The state of the tests before the last one that counts.
    var memory: ReadingMemory? { tests.memory }

    /// Continues from a state once the test at its slot is due; earlier tests are left out.
    mutating func restore(_ memory: ReadingMemory) { tests.restore(memory) }

    /// How often each signal has begun, in the order of `Signal.allCases`.
    var signalEntries: SIMD4<UInt32> {
        get {
            var entries = signals.entries
            entries[Signal.stationarityRisk.position] = tests.breakEntries
            return entries
        }
        set {
            signals.entries = newValue
            tests.breakEntries = newValue[Signal.stationarityRisk.position]
        }
    }

    /// The values of the newest slot; nil where it has none.
    var latest: (x: Double, y: Double)? { rolling.latest }

    /// The values that a test of the window uses: the longest stretch without a gap, oldest first.
    func testedValues(of slots: PairSlots) -> (x: [Double], y: [Double]) {
        rolling.longestContiguousRun(of: slots)
    }

    /// Median-unbiased half-life of the spread over the window as it is, in bars, at least one; nil where it is
    /// unbounded. Unlike the published one it does not need an interval with an upper end: the bars that follow show
    /// whether the spread reverted in that time.
    func expectedHalfLife(of slots: PairSlots) -> Double? {
        guard let fit = fit().value, let autoregression = try? Autoregression(of: fit, over: rolling, of: slots),
            let bars = try? MedianUnbiasedPersistence(autoregression, origin: .residual).halfLife, bars.isFinite
        else { return nil }
        return max(1, bars)
    }

    private var isFilled: Bool {
        Double(rolling.validCount) / Double(window) >= minimumFill
    }

    /// A window that is full of slots and not filled has lost bars, or a leg has no trades; otherwise it is warming up.
    private var unfilledReason: UndefinedReason {
        if !rolling.isFull || !hasBeenValid { return .warmingUp }
        return isAbsent || flags.lost == 0 ? .stale : .gap
    }

    private func readCounts(to reading: inout PairReading) {
        reading.observations = rolling.validCount
        reading.carriedRatio = Double(flags.carried) / Double(rolling.slotCount)
        let valid = Double(rolling.validCount)
        reading.freshRatio = valid > 0 ? max(0, valid - Double(flags.carried)) / valid : nil
        reading.gapRatio = Double(flags.lost) / Double(rolling.slotCount)
    }

    private func fit() -> Measured<LinearFit> {
        guard isFilled else { return .failure(unfilledReason) }
        if rolling.hasStillLeg || distinctValues.areTooFew { return .failure(.flatLeg) }
        return measured { () throws(UndefinedStatistic) in try LinearFit(rolling.levels) }
    }

    private func readLastBar(of slot: AlignedSlot, fit: Measured<LinearFit>, to reading: inout PairReading) {
        guard let last = rolling.latest else {
            let reason = slot.missing ?? .gap
            reading.spread = .failure(fit.reason ?? reason)
            reading.zScore = .failure(fit.reason ?? reason)
            reading.forecastZScore = .failure(fit.reason ?? reason)
            return
        }
        reading.spread = fit.map { $0.residual(x: last.x, y: last.y) }
        reading.zScore = fit.flatMap { fit in
            measured { () throws(UndefinedStatistic) in try fit.zScore(x: last.x, y: last.y) }
        }
        reading.forecastZScore = previousFit.flatMap { fit in
            measured { () throws(UndefinedStatistic) in try fit.forecastZScore(x: last.x, y: last.y) }
        }
    }

    private func readCorrelations(fit: Measured<LinearFit>, to reading: inout PairReading) {
        if let reason = fit.reason {
            reading.returnCorrelation = .failure(reason)
            reading.levelCorrelation = .failure(reason)
            reading.returnCorrelationLower = nil
            return
        }
        let returns = rolling.returns
        reading.returnCorrelation = measured { () throws(UndefinedStatistic) in try Correlation.pearson(returns) }
        reading.levelCorrelation = fit.map(\.correlation)
        reading.returnCorrelationLower = reading.returnCorrelation.value.flatMap {
            Correlation.lowerFisherBound(correlation: $0, observations: returns.count)
        }
    }
}
