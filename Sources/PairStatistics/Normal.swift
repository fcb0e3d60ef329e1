import RealModule

/// The standard normal distribution.
enum Normal {
    /// 97.5 % quantile: half the width of a two-sided 95 % interval.
    static let quantile975 = 1.959963984540054
    /// 75 % quantile: what the median absolute deviation of a unit normal is.
    static let quantile75 = 0.6744897501960817
    /// 95 % quantile: the size of t at which statsmodels keeps a lag.
    static let quantile95 = 1.6448536269514722

    /// P(Z ≤ z), accurate in both tails.
    static func cumulative(_ z: Double) -> Double {
        0.5 * Double.erfc(-z * 0.5.squareRoot())
    }
}
