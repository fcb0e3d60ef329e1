/// A condition of a pair that deserves attention: the label `signal` of `pairs_signal`.
package enum Signal: String, Sendable, CaseIterable {
    /// The last bars lie unusually far from the line fitted before them.
    case zScoreExtreme = "zscore_extreme"
    /// Returns have lately moved together much less than over the window.
    case correlationBreakdown = "correlation_breakdown"
    /// The spread changes much more from bar to bar than over the window.
    case volatilitySpike = "volatility_spike"
    /// The spread of a pair that was proven cointegrated has stopped reverting.
    case stationarityRisk = "stationarity_risk"

    /// The place of the signal among `allCases`.
    var position: Int {
        switch self {
        case .zScoreExtreme: 0
        case .correlationBreakdown: 1
        case .volatilitySpike: 2
        case .stationarityRisk: 3
        }
    }
}
