/// How the number of lagged differences in a Dickey-Fuller regression is chosen, named as in statsmodels.
public enum LagSelection: String, Sendable, Hashable, CaseIterable {
    /// Smallest Akaike criterion over 0...maximum lag on one common sample.
    case aic
    /// Smallest Bayesian (Schwarz) criterion over 0...maximum lag on one common sample.
    case bic
    /// From the maximum lag downwards, the first whose last coefficient has |t| ≥ 1.645.
    case tStatistic = "t-stat"
    /// The maximum lag itself.
    case fixed = "none"
}
