package import PairStatistics

/// How often and how the unit-root and cointegration tests run.
package struct TestSettings: Sendable, Hashable {
    /// The least value of ``minimumObservations``.
    package static let leastObservations = 20

    /// Bars between two tests; nil means a twentieth of the window, at least one.
    package var everyBars: Int?
    /// Observations below which no p-value is published.
    package var minimumObservations: Int
    /// Deterministic terms of the ADF regression on the spread.
    package var trend: TrendTerms
    /// How the number of lags is chosen.
    package var lagSelection: LagSelection
    /// The greatest number of lags of the ADF regression on the spread, nil for Schwert's rule.
    package var maximumLag: Int?
    /// Further estimators of the hedge ratio, computed with the tests.
    package var hedgeRatios: [HedgeRatioMethod]

    /// Settings from their parts.
    package init(
        everyBars: Int? = nil,
        minimumObservations: Int = 200,
        trend: TrendTerms = .constant,
        lagSelection: LagSelection = .aic,
        maximumLag: Int? = nil,
        hedgeRatios: [HedgeRatioMethod] = []
    ) {
        self.everyBars = everyBars
        self.minimumObservations = minimumObservations
        self.trend = trend
        self.lagSelection = lagSelection
        self.maximumLag = maximumLag
        self.hedgeRatios = hedgeRatios
    }

    /// Bars between two tests of a window.
    func interval(window: Int) -> Int {
        max(1, everyBars ?? window / 20)
    }

    /// Bars between two tests that count as evidence: the multiple of ``interval(window:)`` that is not below a
    /// twentieth of the window, as closer ones use nearly the same data.
    func countedInterval(window: Int) -> Int {
        let interval = interval(window: window)
        return (max(1, window / 20) + interval - 1) / interval * interval
    }
}
