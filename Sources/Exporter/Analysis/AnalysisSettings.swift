public import PairEngine
public import PairStatistics

/// How an on-demand diagnostic is made.
public struct AnalysisSettings: Sendable {
    /// Bars of the window, nil for all there are.
    public var window: Int?
    /// Logarithms or values as they are; nil stands for logarithms of a pair and for values of a single series.
    public var price: PriceScale?
    /// Deterministic terms of the ADF regression.
    public var trend: TrendTerms
    /// How the ADF regression's lags are chosen.
    public var lagSelection: LagSelection
    /// The greatest number of lags to consider, nil for Schwert's rule.
    public var maximumLag: Int?
    /// Whether past extremes of the z-score are followed up, over everything there is.
    public var efficacy: Bool

    /// Settings from their parts.
    public init(
        window: Int? = nil,
        price: PriceScale? = nil,
        trend: TrendTerms = .constant,
        lagSelection: LagSelection = .aic,
        maximumLag: Int? = nil,
        efficacy: Bool = false
    ) {
        self.window = window
        self.price = price
        self.trend = trend
        self.lagSelection = lagSelection
        self.maximumLag = maximumLag
        self.efficacy = efficacy
    }

    /// Below this many observations a p-value is given with a warning.
    static let trustworthyObservations = TestSettings().minimumObservations
}
