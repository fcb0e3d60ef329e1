/// Deterministic terms of a unit-root regression, named as in statsmodels.
public enum TrendTerms: String, Sendable, Hashable, CaseIterable {
    /// No constant, no trend.
    case noConstant = "n"
    /// A constant.
    case constant = "c"
    /// A constant and a linear trend.
    case constantAndTrend = "ct"
    /// A constant, a linear and a quadratic trend.
    case constantTrendAndSquare = "ctt"

    /// Number of deterministic columns.
    var columns: Int {
        switch self {
        case .noConstant: 0
        case .constant: 1
        case .constantAndTrend: 2
        case .constantTrendAndSquare: 3
        }
    }
}
