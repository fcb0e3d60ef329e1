import MarketData
import PairStatistics

/// One window of one pair at one timeframe: rolling moments in, a reading out, in constant time per bar.
struct PairWindow: Sendable {
    /// Share of the window that a stretch without a gap must have before tests run on it.
    static let minimumTestStretch = 0.8

    var reading: Int
    private let window: Int
    private let minimumFill: Double
    private let settings: TestSettings
    private var rolling: RollingPairWindow
    private var flags: RollingFlags
    private var distinctValues = DistinctValues()
    private var passes: PassHistory
    var signals: SignalMonitor
    private var previousFit: Measured<LinearFit> = .failure(.warmingUp)
    private var hasBeenValid = false
    /// Whether a leg brought no bar for the newest slot.
    private var isAbsent = false
    /// The last slot at which tests were due and could not run.
    private var refusedSlot = Int64.min

    init(reading: Int, window: Int, minimumFill: Double, settings: TestSettings, thresholds: SignalThresholds) {
        self.reading = reading
        self.window = window
        self.minimumFill = minimumFill
        self.settings = settings
        rolling = RollingPairWindow(capacity: window)
        flags = RollingFlags(capacity: window)
        passes = PassHistory(window: window, interval: settings.interval(window: window))
        signals = SignalMonitor(window: window, thresholds: thresholds)
    }

    /// Lets time pass without a bar.
    mutating func skip(_ slots: Int64) {
        for _ in 0..<min(slots, Int64(window)) {
            rolling.appendGap()
            flags.append([])
        }
        distinctValues.look(at: rolling)
        signals.skip(slots)
        previousFit = fit()
    }

    /// Replaces a leg's part of a slot; nil leaves it as it is.
    mutating func revise(slotsBack: Int64, y: AlignedSlot.Leg?, x: AlignedSlot.Leg?) {
        guard slotsBack >= 0, slotsBack < Int64(window) else { return }
        let isWhole = rolling.revise(slotsBack: Int(slotsBack), x: x?.value, y: y?.value)
        var isCarried = false
        for case .close(_, true)? in [y, x] { isCarried = true }
        if isWhole {
            flags.set(isCarried ? .carried : [], slotsBack: Int(slotsBack))
            hasBeenValid = true
        } else if (y ?? x)?.value.isNaN == true {
            flags.set(.lost, slotsBack: Int(slotsBack))
        }
        distinctValues.look(at: rolling)
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

    /// Takes the next slot of the grid and writes what follows from it.
    mutating func append(_ slot: AlignedSlot, closeTime: Timestamp, to reading: inout PairReading) {
        var isCarried = false
        if case (.close(let y, let yIsCarried), .close(let x, let xIsCarried)) = (slot.y, slot.x) {
            rolling.append(x: x, y: y)
            isCarried = yIsCarried || xIsCarried
            flags.append(isCarried ? .carried : [])
            hasBeenValid = true
        } else {
            rolling.append(x: slot.x.value, y: slot.y.value)
            flags.append(slot.missing == .gap ? .lost : [])
        }
        distinctValues.update(rolling)
        isAbsent = slot.missing == .stale
        reading.closeTime = closeTime
        readCounts(to: &reading)

        let fit = fit()
        reading.fit = fit
        readLastBar(of: slot, fit: fit, to: &reading)
        readCorrelations(fit: fit, to: &reading)
        signals.update(rolling, isCarried: isCarried, &reading)
        previousFit = fit
    }

    /// The tests that are due after this slot, if any; where they cannot run, the reading says why.
    ///
    /// Due slots lie on the grid, so that a restart tests at the same moments.
    mutating func dueTests(slot: Int64, closeTime: Timestamp, for reading: inout PairReading) -> TestJob? {
        guard slot.isMultiple(of: Int64(settings.interval(window: window))) else { return nil }
        guard isFilled else {
            refusedSlot = slot
            reading.tests = .failure(unfilledReason)
            return nil
        }
        let run = rolling.longestContiguousRun()
        guard Double(run.y.count) / Double(window) >= Self.minimumTestStretch else {
            refusedSlot = slot
            reading.tests = .failure(flags.lostCount == 0 ? .stale : .gap)
            return nil
        }
        return TestJob(
            reading: self.reading,
            slot: slot,
            closeTime: closeTime,
            y: run.y,
            x: run.x,
            settings: settings
        )
    }

    /// Takes the result of tests.
    mutating func complete(_ job: TestJob, _ outcome: TestOutcome, to reading: inout PairReading) {
        remember(job, outcome.engleGranger)
        reading.passRatio = passes.ratio
        reading.signals = signals.states
        if job.slot <= refusedSlot { return }
        if let previous = reading.tests.value, previous.closeTime > outcome.closeTime { return }
        reading.tests = .success(outcome)
    }

    /// Takes the one result of a test that counts beyond the next one.
    mutating func remember(_ job: TestJob, _ cointegration: Measured<EngleGranger>) {
        guard case .success(let engleGranger) = cointegration else { return }
        if let number = passes.record(passed: engleGranger.pValue < settings.level, slot: job.slot) {
            signals.update(pValue: engleGranger.pValue, testNumber: number)
        }
    }

    /// Half-life of the spread over the window as it is.
    var halfLife: Measured<HalfLife> {
        fit().flatMap { fit in
            measured { () throws(UndefinedStatistic) in try HalfLife(of: fit, over: rolling) }
        }
    }

    private var isFilled: Bool {
        Double(rolling.validCount) / Double(window) >= minimumFill
    }

    /// A window that is full of slots and yet not filled has lost bars, or a leg has gone quiet; otherwise it is young.
    private var unfilledReason: UndefinedReason {
        if !rolling.isFull || !hasBeenValid { return .warmingUp }
        return isAbsent || flags.lostCount == 0 ? .stale : .gap
    }

    private func readCounts(to reading: inout PairReading) {
        reading.observations = rolling.validCount
        reading.carriedRatio = Double(flags.carriedCount) / Double(rolling.slotCount)
        reading.gapRatio = Double(flags.lostCount) / Double(rolling.slotCount)
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
