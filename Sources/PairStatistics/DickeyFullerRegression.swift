/// The regressions behind a Dickey-Fuller test,
/// Δx_t = γ·x₋₁ + Σ δᵢ·Δx₋ᵢ + trend + u, for any number of lags.
///
/// Trend terms are removed from levels and differences first and kept as orthogonal polynomials in the design: the
/// fit is the same, and neither a high level nor a strong trend costs digits. The normal equations are built from
/// shifted products (one dot product per lag) and factorised once, in column order, for all lags (as arch does with
/// QR); where they are ill conditioned, a Householder factorisation of the design replaces them.
struct DickeyFullerRegression {
    /// Where the level stands among the columns.
    enum LevelPosition {
        /// Behind the trend terms, so that leading blocks are the models with 0, 1, 2 … lags.
        case beforeLags
        /// Behind everything, so that its t statistic is that of the last column.
        case last
    }

    let level: [Double]
    let change: [Double]
    let trendColumns: Int
    /// How far a value may be off because of rounding, in the unit of `level`.
    let rounding: Double

    /// - Parameters:
    ///   - series: at least two finite values, not all the same.
    ///   - magnitude: size of the numbers that the series was computed from.
    ///   - trend: the trend terms.
    /// - Throws: `collinear` when the levels follow the trend terms exactly.
    init(_ series: [Double], magnitude: Double, trend: TrendTerms) throws(UndefinedStatistic) {
        var level = series
        var rounding = magnitude * Double.ulpOfOne
        var change = Self.differences(level)
        var varies = PolynomialTrend.remove(columns: trend.columns, from: &level)
        // Squares must neither overflow nor vanish.
        if PowerOfTwoScale.isNeeded(level) {
            let scale = PowerOfTwoScale.factor(series)
            level = series.map { $0 * scale }
            rounding *= scale
            change = Self.differences(level)
            varies = PolynomialTrend.remove(columns: trend.columns, from: &level)
        }
        guard varies else { throw .collinear }
        _ = PolynomialTrend.remove(columns: trend.columns, from: &change)
        self.level = level
        self.change = change
        trendColumns = trend.columns
        self.rounding = rounding
    }

    /// Fits with `lags` lagged differences on the longest sample they allow: rows lags ..< n-1. Columns: trend terms,
    /// then level and lags in the order of `position`.
    func fit(lags: Int, level position: LevelPosition) -> NestedRegression {
        let slopes = PolynomialTrend.slopes(columns: trendColumns, count: change.count - lags)
        return DickeyFullerGram(self, lags: lags, position: position, slopes: slopes).solve()
            ?? design(lags: lags, position: position, slopes: slopes)
    }

    /// The nested fits by orthogonal factorisation of the design itself.
    private func design(lags: Int, position: LevelPosition, slopes: [[Double]]) -> NestedRegression {
        let rows = change.count - lags
        let levels = level[lags..<(lags + rows)]
        var matrix: [Double] = []
        matrix.reserveCapacity((trendColumns + 1 + lags) * rows)
        if trendColumns > 0 { matrix += repeatElement(1, count: rows) }
        for column in slopes { matrix += column }
        if position == .beforeLags { matrix += levels }
        for lag in stride(from: 1, through: lags, by: 1) { matrix += change[(lags - lag)..<(lags - lag + rows)] }
        if position == .last { matrix += levels }
        return HouseholderFactorization(
            matrix,
            columns: trendColumns + 1 + lags,
            response: Array(change[lags...]),
            rounding: rounding
        ).nested
    }

    private static func differences(_ series: [Double]) -> [Double] {
        [Double](unsafeUninitializedCapacity: series.count - 1) { buffer, count in
            for index in 0..<(series.count - 1) {
                buffer.initializeElement(at: index, to: series[index + 1] - series[index])
            }
            count = series.count - 1
        }
    }
}
