public import PairStatistics

/// How often and how the unit-root and cointegration tests run.
public struct TestSettings: Sendable, Hashable {
    /// Bars between two tests; nil stands for a twentieth of the window, at least one.
    public var everyBars: Int?
    /// Observations below which no p-value is published.
    public var minimumObservations: Int
    /// Deterministic terms of the ADF regression on the spread.
    public var trend: TrendTerms
    /// How the number of lags is chosen.
    public var lagSelection: LagSelection
    /// The level a cointegration p-value must fall below to count as a pass.
    public var level: Double
    /// Further estimators of the hedge ratio, computed with the tests.
    public var hedgeRatios: [HedgeRatioMethod]

    /// Settings from their parts.
    public init(
        everyBars: Int? = nil,
        minimumObservations: Int = 200,
        trend: TrendTerms = .constant,
        lagSelection: LagSelection = .aic,
        level: Double = 0.05,
        hedgeRatios: [HedgeRatioMethod] = []
    ) {
        self.everyBars = everyBars
        self.minimumObservations = minimumObservations
        self.trend = trend
        self.lagSelection = lagSelection
        self.level = level
        self.hedgeRatios = hedgeRatios
    }

    /// Bars between two tests of a window.
    func interval(window: Int) -> Int {
        max(1, everyBars ?? window / 20)
    }
}
