/// Something about a pair that deserves attention: the label `signal` of `pairs_signal`.
public enum Signal: String, Sendable, CaseIterable {
    /// The last bars lie unusually far from the line fitted before them.
    case zScoreExtreme = "zscore_extreme"
    /// Returns have lately moved together much less than over the window.
    case correlationBreakdown = "correlation_breakdown"
    /// The spread swings much wider than over the window.
    case volatilitySpike = "volatility_spike"
    /// Tests have repeatedly found no cointegration.
    case stationarityRisk = "stationarity_risk"
}
