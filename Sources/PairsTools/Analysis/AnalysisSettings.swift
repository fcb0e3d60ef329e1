package import MarketData
package import PairEngine
package import PairsApp

/// How an on-demand diagnostic is made.
package struct AnalysisSettings: Sendable {
    /// Bars of the window, nil for all there are.
    package var window: Int?
    /// Logarithms or values as they are; nil means logarithms for a pair and values for a single series.
    package var price: PriceScale?
    /// How the tests run.
    package var tests: TestSettings
    /// When signals begin and end.
    package var thresholds: SignalThresholds
    /// Share of the window that must have a value, from 0 to 1.
    package var minimumFill: Double
    /// Whether to report what followed past extremes of the z-score, over all rows.
    package var efficacy: Bool

    /// Test settings with the smallest minimum of observations that a configuration may set, because files are often
    /// short.
    package static let tests = TestSettings(minimumObservations: TestSettings.leastObservations)

    /// Settings from their parts.
    package init(
        window: Int? = nil,
        price: PriceScale? = nil,
        tests: TestSettings = tests,
        thresholds: SignalThresholds = SignalThresholds(),
        minimumFill: Double = EngineSettings().minimumFill,
        efficacy: Bool = false
    ) {
        self.window = window
        self.price = price
        self.tests = tests
        self.tests.hedgeRatios = HedgeRatioMethod.allCases
        self.thresholds = thresholds
        self.minimumFill = minimumFill
        self.efficacy = efficacy
    }

    /// Below this many observations a p-value is given with a warning.
    static let trustworthyObservations = TestSettings().minimumObservations

    /// Rows of the longer changes of the variance ratio.
    static let varianceRatioPeriods = 10
}

extension AnalysisSettings {
    /// Settings of the exporter for a pair, or for any pair that its configuration does not name.
    /// - Parameters:
    ///   - configuration: what the exporter runs with.
    ///   - y: the leg that is explained, where it is an instrument.
    ///   - x: the leg that explains, likewise.
    package init(_ configuration: Configuration, y: Instrument?, x: Instrument?) {
        let pair = configuration.pairs.first { $0.y == y && $0.x == x }
        let settings = pair?.settings ?? configuration.pairDefaults
        self.init(
            price: settings.price,
            tests: settings.tests,
            thresholds: settings.signals,
            minimumFill: configuration.bars.minimumFill
        )
    }
}
