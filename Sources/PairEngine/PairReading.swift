package import MarketData
package import PairStatistics

/// All figures of one pair at one timeframe over one window, as of the last closed bar.
///
/// Immutable once published; a value that cannot be computed has a reason.
package struct PairReading: Sendable {
    /// The position of the pair in the engine's definitions.
    package internal(set) var pair: Int
    /// The length of the bars.
    package let timeframe: Timeframe
    /// The length of the window in bars.
    package let window: Int
    /// The scale of the regression.
    package let price: PriceScale
    /// The end of the last closed bar, nil before the first.
    package internal(set) var closeTime: Timestamp?
    /// The end of the last bar with a trade, of the leg for which that is longer ago; nil before the first.
    package internal(set) var tradedTime: Timestamp?
    /// Ordinary least squares of y on x over the window's valid slots.
    package internal(set) var fit: Measured<LinearFit> = .failure(.warmingUp)
    /// The residual of the last bar against ``fit``.
    package internal(set) var spread: Measured<Double> = .failure(.warmingUp)
    /// ``spread`` over the residual standard deviation: in-sample.
    package internal(set) var zScore: Measured<Double> = .failure(.warmingUp)
    /// The last bar against the fit that ended one bar earlier: out of sample.
    package internal(set) var forecastZScore: Measured<Double> = .failure(.warmingUp)
    /// Pearson correlation of one-bar returns.
    package internal(set) var returnCorrelation: Measured<Double> = .failure(.warmingUp)
    /// The lower 95 % Fisher bound of the size of ``returnCorrelation``.
    package internal(set) var returnCorrelationLower: Double?
    /// Pearson correlation of the recent one-bar returns alone, nil where too many have no value.
    package internal(set) var recentCorrelation: Double?
    /// Pearson correlation of levels: high for most pairs of random walks, so a weak statement.
    package internal(set) var levelCorrelation: Measured<Double> = .failure(.warmingUp)
    /// Width of the spread's changes in the recent bars, robust to an outlier, over the window's: 1 is normal.
    package internal(set) var volatilityRatio: Measured<Double> = .failure(.warmingUp)
    /// The signals; see ``holds(_:)``.
    package internal(set) var signals = SignalStates()
    /// The alerts that hold, whatever the bar length; see ``alerts(_:)``.
    var activeAlerts: SignalSet = []
    /// Whether readings of this bar length may alert.
    private let mayAlert: Bool
    /// The latest periodic tests.
    package internal(set) var tests: Measured<TestOutcome> = .failure(.warmingUp)
    /// Evidence against "no cointegration" that repeated tests do not inflate: 1 is none; nil while no test of the last
    /// windows counts.
    package internal(set) var evidence: Double?
    /// Whether the evidence proves cointegration, with hysteresis.
    package internal(set) var isProven = false
    /// Valid slots in the window.
    package internal(set) var observations = 0
    /// Valid slots that a fit needs.
    package let neededObservations: Int
    /// Slots in the window in which a leg had no fresh trade, over the slots seen.
    package internal(set) var carriedRatio: Double?
    /// Slots in the window without a value, over the slots seen.
    package internal(set) var gapRatio: Double?

    init(
        pair: Int,
        timeframe: Timeframe,
        window: Int,
        price: PriceScale = .log,
        minimumFill: Double,
        mayAlert: Bool = true
    ) {
        self.pair = pair
        self.timeframe = timeframe
        self.window = window
        self.price = price
        self.mayAlert = mayAlert
        neededObservations = Int((minimumFill * Double(window)).rounded(.up))
    }

    /// Whether a signal holds, nil while its figures have no value.
    package func holds(_ signal: Signal) -> Bool? {
        let isDefined = signal == .stationarityRisk ? tests.flatMap(\.cointegration).reason == nil : fit.reason == nil
        guard isDefined, signals.known.contains(SignalSet(signal)) else { return nil }
        return signals.active.contains(SignalSet(signal))
    }

    /// The signals that hold.
    package var activeSignals: SignalSet {
        Signal.allCases.reduce(into: []) { set, signal in
            if holds(signal) == true { set.insert(SignalSet(signal)) }
        }
    }

    /// Whether a signal deserves an alert by the configuration, nil while ``holds(_:)`` is: see ``AlertSettings``.
    ///
    /// - z-score: from ``AlertSettings/zScore`` on a proven reading of enough confidence, until below
    ///   ``AlertSettings/zScoreExit``.
    /// - correlation breakdown and stationarity risk: while the signal holds and the reading was proven at any bar of
    ///   the last window.
    /// - volatility spike: while the signal holds and ``dataQuality`` is at least 0.8, until it is below 0.7.
    package func alerts(_ signal: Signal) -> Bool? {
        guard holds(signal) != nil else { return nil }
        return mayAlert && activeAlerts.contains(SignalSet(signal))
    }

    /// Whether the hedge ratio gives no spread in the usual sense: it is negative or, of logarithms, which have no
    /// units, beyond 1/20 to 20.
    package var hasUnusualHedgeRatio: Bool {
        guard let slope = fit.value?.slope else { return false }
        return slope < 0 || (price == .log && !(0.05...20).contains(slope))
    }

    /// Share of the bars with a value whose prices of both legs are fresh; nil before the first bar with a value.
    package internal(set) var freshRatio: Double?

    /// ``freshRatio`` × share of the window that has a value, from 0 to 1; nil before the
    /// first bar.
    package var dataQuality: Double? {
        freshRatio.map { $0 * min(1, fillRatio) }
    }

    /// How far the reading can be trusted as one of a cointegrated pair: ``dataQuality`` × E / (E + threshold) of the
    /// evidence E, so that 0.5 of perfect data is exactly the threshold; nil while no test of the
    /// last windows counts.
    package var confidence: Double? {
        Self.confidence(quality: dataQuality, evidence: evidence)
    }

    static func confidence(quality: Double?, evidence: Double?) -> Double? {
        guard let quality, let evidence else { return nil }
        return quality * (evidence / (evidence + CointegrationEvidence.threshold))
    }

    /// Valid slots that a fit still needs.
    package var missingObservations: Int { max(0, neededObservations - observations) }

    /// Valid slots over the slots of the window.
    package var fillRatio: Double { Double(observations) / Double(window) }

    /// Whether a leg has been without a trade for longer than its close may be carried.
    /// - Parameters:
    ///   - now: the clock of the pair's feeds.
    ///   - carryLimit: bars without a trade that carry the last close.
    package func isStale(now: Timestamp, carryLimit: Int) -> Bool {
        guard let tradedTime else { return false }
        // The bar after the last carried one must have ended.
        return now - tradedTime > (Int64(carryLimit) + 1) * timeframe.microseconds
    }
}
