import PairStatistics

/// The signals of one window that follow from its bars: readings in, states out, in constant memory and without an
/// allocation. `BreakSignal` is the signal that follows from tests.
struct SignalMonitor: Sendable {
    /// Share of the recent bars or returns that must have a value.
    static let minimumRecentFill = 0.8
    /// Log likelihood ratio from which on the recent returns are those of independent legs
    /// (`RollingMoments.decoupling`).
    ///
    /// Calibrated by simulation to at most 0.1 false beginnings in 1,000 bars at windows of 240 and 1,000, for
    /// correlations of 0.5 to 0.95 and returns that are normal, heavy-tailed or of clustered volatility. At windows of
    /// 60 there are up to 0.15 of them where volatility clusters.
    static let significantDecoupling = 8.0

    private let thresholds: SignalThresholds
    private let recentBars: Int
    private let recentReturns: Int
    private var flags: RollingFlags
    private let dwell: Int32
    private let memory: Int32
    private var zScore = SignalMachine()
    private var correlation = SignalMachine()
    private var volatility = SignalMachine()

    init(window: Int, thresholds: SignalThresholds) {
        self.thresholds = thresholds
        recentBars = thresholds.recentBars(window: window)
        recentReturns = thresholds.recentReturns(window: window)
        flags = RollingFlags(capacity: recentReturns)
        dwell = Int32(clamping: max(1, thresholds.dwellBars))
        memory = max(Int32(clamping: window), dwell)
    }

    /// Bars of readings after which the states do not depend on anything before.
    static func memory(window: Int, thresholds: SignalThresholds) -> Int {
        max(window, thresholds.dwellBars) + 2 * thresholds.dwellBars
    }

    /// The states after the last step.
    var states: SignalStates {
        var states = SignalStates()
        record(zScore, as: .zScoreExtreme, at: 0, in: &states)
        record(correlation, as: .correlationBreakdown, at: 1, in: &states)
        record(volatility, as: .volatilitySpike, at: 2, in: &states)
        return states
    }

    /// Updates the signals by the window and its reading after a bar, and writes the reading's volatility ratio and
    /// signals.
    ///
    /// A bar that carries an old price of a leg is no evidence about the pair, nor are recent bars of which most carry
    /// one: a leg without trades is no signal.
    mutating func update(
        _ window: RollingMoments,
        of slots: PairSlots,
        isCarried: Bool,
        _ reading: inout PairReading
    ) {
        flags.append(isCarried ? .carried : [])
        let recent = window.returns(last: recentReturns, of: slots)
        let recentChanges = recentBars == recentReturns ? recent : window.returns(last: recentBars, of: slots)
        let ratio = volatilityRatio(window, slots, recentChanges, reading)
        reading.volatilityRatio = ratio
        reading.recentCorrelation = recent.count >= leastReturns ? try? Correlation.pearson(recent) : nil
        let isFresh =
            !isCarried && Double(flags.carriedCount) <= Double(recentReturns) * (1 - Self.minimumRecentFill)
        step(
            &zScore,
            Evidence(
                isCarried ? nil : reading.forecastZScore.value.map(abs),
                entryFrom: thresholds.zScoreEntry,
                exitBelow: thresholds.zScoreExit
            )
        )
        step(&correlation, isFresh ? correlationEvidence(window, slots, reading) : .none)
        step(
            &volatility,
            Evidence(
                isFresh ? ratio.value : nil,
                entryFrom: thresholds.volatilitySpikeRatio,
                exitBelow: thresholds.volatilitySpikeExit
            )
        )
        reading.signals = states
    }

    /// The last bar of this reading for the alerts.
    func alertBar(_ reading: PairReading, isCarried: Bool) -> AlertMonitor.Bar {
        AlertMonitor.Bar(
            zScore: isCarried ? nil : reading.forecastZScore.value.map(abs),
            quality: reading.dataQuality,
            signals: reading.activeSignals
        )
    }

    /// Adds bars without a value.
    mutating func skip(_ bars: Int64) {
        for _ in 0..<min(bars, Int64(recentReturns)) { flags.append([]) }
        zScore.skip(bars, dwell: dwell, memory: memory)
        correlation.skip(bars, dwell: dwell, memory: memory)
        volatility.skip(bars, dwell: dwell, memory: memory)
    }

    /// How often each signal has begun, in the order of `Signal.allCases`; 0 for those of tests.
    var entries: SIMD4<UInt32> {
        get { SIMD4(zScore.entries, correlation.entries, volatility.entries, 0) }
        set {
            zScore.entries = newValue[0]
            correlation.entries = newValue[1]
            volatility.entries = newValue[2]
        }
    }

    private func step(_ machine: inout SignalMachine, _ evidence: Evidence) {
        machine.step(evidence, dwell: dwell, memory: memory)
    }

    private func record(_ machine: SignalMachine, as signal: SignalSet, at index: Int, in states: inout SignalStates) {
        if machine.isActive { states.active.insert(signal) }
        if machine.isKnown(within: max(dwell, Int32(clamping: recentReturns))) { states.known.insert(signal) }
        states.entries[index] = machine.entries
    }

    /// Width of the recent changes of the spread over that of the window's changes before them, both by the present
    /// slope.
    ///
    /// Changes rather than levels: those of a spread that reverts slowly are hardly autocorrelated, so that 1 is normal
    /// whatever the half-life.
    /// - Parameter recent: moments of the changes of the recent bars.
    private func volatilityRatio(
        _ window: RollingMoments,
        _ slots: PairSlots,
        _ recent: PairMoments,
        _ reading: PairReading
    ) -> Measured<Double> {
        guard case .success(let fit) = reading.fit else { return .failure(reading.fit.reason ?? .warmingUp) }
        if fit.isCollinear { return .failure(.collinear) }
        let least = Int((Double(recentBars) * Self.minimumRecentFill).rounded(.up))
        let usual = window.returns.removing(recent)
        guard usual.count > 1,
            let width = window.robustChange(
                ofResidualWithSlope: fit.slope,
                last: recentBars,
                atLeast: least,
                of: slots
            )
        else { return .failure(.gap) }
        let squares = usual.squaredResiduals(slope: fit.slope)
        // Such a difference is rounding.
        guard squares > 1e-12 * usual.sumYY else { return .failure(.collinear) }
        return .success(width / (squares / Double(usual.count - 1)).squareRoot())
    }

    /// Returns of the recent bars that must have a value.
    private var leastReturns: Int { Int((Double(recentReturns) * Self.minimumRecentFill).rounded(.up)) }

    private func correlationEvidence(
        _ window: RollingMoments,
        _ slots: PairSlots,
        _ reading: PairReading
    ) -> Evidence {
        guard case .success(let usual) = reading.returnCorrelation, let correlation = reading.recentCorrelation
        else { return .none }
        let recent = usual < 0 ? -correlation : correlation
        if recent > thresholds.correlationFloorExit { return .exit }
        // Without a correlation in the window there is no breakdown.
        guard recent < thresholds.correlationFloor, abs(usual) >= thresholds.correlationFloor else { return .between }
        guard let decoupling = window.decoupling(last: recentReturns, atLeast: leastReturns, of: slots),
            decoupling >= Self.significantDecoupling
        else { return .between }
        return .entry
    }
}
