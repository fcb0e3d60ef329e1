import PairStatistics

/// The four signals of one window: readings in, states out, in constant memory and without an allocation.
struct SignalMonitor: Sendable {
    /// Tests after which an unconfirmed doubt about stationarity is forgotten.
    static let testMemory = PassHistory.capacity
    /// Share of the recent bars or returns that must have a value.
    static let minimumRecentFill = 0.8
    /// How much lower the recent correlation must be: one-sided at 1 %, in units of Fisher's standard error.
    static let significantDifference = 2.3263478740408408

    private let thresholds: SignalThresholds
    private let recentBars: Int
    private let recentReturns: Int
    private var flags: RollingFlags
    private let dwell: Int32
    private let memory: Int32
    private let testMemory: Int32
    private var zScore = SignalMachine()
    private var correlation = SignalMachine()
    private var volatility = SignalMachine()
    private var stationarity = SignalMachine()
    private var lastTest: Int64?

    init(window: Int, thresholds: SignalThresholds) {
        self.thresholds = thresholds
        recentBars = thresholds.recentBars(window: window)
        recentReturns = thresholds.recentReturns(window: window)
        flags = RollingFlags(capacity: recentReturns)
        dwell = Int32(clamping: max(1, thresholds.dwellBars))
        memory = max(Int32(clamping: window), dwell)
        testMemory = max(Int32(clamping: Self.testMemory), dwell)
    }

    /// Bars of readings after which the states do not depend on anything before.
    static func memory(window: Int, thresholds: SignalThresholds) -> Int {
        max(window, thresholds.dwellBars) + 2 * thresholds.dwellBars
    }

    /// Cointegration tests after which the state does not depend on anything before.
    static func tests(thresholds: SignalThresholds) -> Int {
        max(testMemory, thresholds.dwellBars) + 2 * thresholds.dwellBars
    }

    /// The states after the last step.
    var states: SignalStates {
        var states = SignalStates()
        note(zScore, as: .zScoreExtreme, at: 0, in: &states)
        note(correlation, as: .correlationBreakdown, at: 1, in: &states)
        note(volatility, as: .volatilitySpike, at: 2, in: &states)
        note(stationarity, as: .stationarityRisk, at: 3, in: &states)
        return states
    }

    /// Takes what the last bar made of the window and its reading, and writes the reading's volatility ratio and signals.
    ///
    /// A bar that carries an old price of a leg says nothing about the pair, nor do recent bars that mostly do: a leg that
    /// has gone silent is no signal.
    mutating func update(_ window: RollingPairWindow, isCarried: Bool, _ reading: inout PairReading) {
        flags.append(isCarried ? .carried : [])
        let ratio = volatilityRatio(window, reading)
        reading.volatilityRatio = ratio
        let isFresh = Double(flags.carriedCount) <= Double(recentReturns) * (1 - Self.minimumRecentFill)
        step(
            &zScore,
            Evidence(
                isCarried ? nil : reading.forecastZScore.value.map(abs),
                entryFrom: thresholds.zScoreEntry,
                exitBelow: thresholds.zScoreExit
            )
        )
        step(&correlation, isFresh ? correlationEvidence(window, reading) : .none)
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

    /// Takes the p-value of the next cointegration test; tests on the grid that have no result count as missing.
    mutating func update(pValue: Double, testNumber: Int64) {
        if let lastTest, testNumber > lastTest {
            stationarity.skip(testNumber - lastTest - 1, dwell: dwell, memory: testMemory)
        }
        lastTest = testNumber
        let evidence: Evidence =
            pValue > thresholds.pValue ? .entry : pValue < thresholds.pValueExit ? .exit : .between
        stationarity.step(evidence, dwell: dwell, memory: testMemory)
    }

    /// Lets so many bars pass without a value.
    mutating func skip(_ bars: Int64) {
        for _ in 0..<min(bars, Int64(recentReturns)) { flags.append([]) }
        zScore.skip(bars, dwell: dwell, memory: memory)
        correlation.skip(bars, dwell: dwell, memory: memory)
        volatility.skip(bars, dwell: dwell, memory: memory)
    }

    /// How often each signal has begun, in the order of `Signal.allCases`.
    var entries: SIMD4<UInt32> {
        get { SIMD4(zScore.entries, correlation.entries, volatility.entries, stationarity.entries) }
        set {
            zScore.entries = newValue[0]
            correlation.entries = newValue[1]
            volatility.entries = newValue[2]
            stationarity.entries = newValue[3]
        }
    }

    private func step(_ machine: inout SignalMachine, _ evidence: Evidence) {
        machine.step(evidence, dwell: dwell, memory: memory)
    }

    private func note(_ machine: SignalMachine, as signal: SignalSet, at index: Int, in states: inout SignalStates) {
        if machine.isActive { states.active.insert(signal) }
        if machine.isKnown(within: max(dwell, Int32(clamping: recentReturns))) { states.known.insert(signal) }
        states.entries[index] = machine.entries
    }

    private func volatilityRatio(_ window: RollingPairWindow, _ reading: PairReading) -> Measured<Double> {
        guard case .success(let fit) = reading.fit else { return .failure(reading.fit.reason ?? .warmingUp) }
        if fit.isCollinear { return .failure(.collinear) }
        let least = Int((Double(recentBars) * Self.minimumRecentFill).rounded(.up))
        guard let width = window.robustDeviation(of: fit, last: recentBars, atLeast: least) else {
            return .failure(.gap)
        }
        return .success(width / fit.residualStandardDeviation)
    }

    private func correlationEvidence(_ window: RollingPairWindow, _ reading: PairReading) -> Evidence {
        guard case .success(let usual) = reading.returnCorrelation else { return .none }
        let moments = window.returns(last: recentReturns)
        guard Double(moments.count) >= Double(recentReturns) * Self.minimumRecentFill,
            let correlation = try? Correlation.pearson(moments)
        else { return .none }
        let recent = usual < 0 ? -correlation : correlation
        if recent > thresholds.correlationFloorExit { return .exit }
        // A correlation that was never there cannot break down.
        guard recent < thresholds.correlationFloor, abs(usual) >= thresholds.correlationFloor,
            let difference = Correlation.fisherDifference(
                recent,
                observations: moments.count,
                abs(usual),
                observations: window.returns.count
            )
        else { return .between }
        return difference < -Self.significantDifference ? .entry : .between
    }
}
