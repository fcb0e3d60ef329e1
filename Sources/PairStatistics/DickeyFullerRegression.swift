/// The regressions behind a Dickey-Fuller test,
/// Δx_t = γ·x₋₁ + Σ δᵢ·Δx₋ᵢ + trend + u, for any number of lags.
///
/// Trend terms are taken out of levels and differences beforehand and kept as orthogonal polynomials in the design: the
/// fit is the same, and neither a high level nor a strong trend costs digits. The normal equations are built from
/// shifted products (one dot product per lag) and factorised once, in column order, for all lags (as arch does with QR);
/// where they are ill conditioned, a Householder factorisation of the design takes their place.
struct DickeyFullerRegression {
    /// Where the level stands among the columns.
    enum LevelPosition {
        /// Behind the trend terms, so that leading blocks are the models with 0, 1, 2 … lags.
        case beforeLags
        /// Behind everything, so that its t statistic is that of the last column.
        case last
    }

    private let level: [Double]
    private let change: [Double]
    private let trendColumns: Int

    /// - Parameter series: at least two finite values, not all the same.
    init(_ series: [Double], trend: TrendTerms) {
        trendColumns = trend.columns
        let scale = Self.powerOfTwoScale(series)
        var level = series
        var change = [Double](repeating: 0, count: series.count - 1)
        for index in change.indices { change[index] = (series[index + 1] * scale - series[index] * scale) }
        for index in level.indices { level[index] *= scale }
        PolynomialTrend.remove(columns: trendColumns, from: &level)
        PolynomialTrend.remove(columns: trendColumns, from: &change)
        self.level = level
        self.change = change
    }

    /// Fits with `lags` lagged differences on the longest sample they allow: rows lags ..< n-1.
    /// Columns: trend terms, then level and lags in the order asked for.
    func fit(lags: Int, level position: LevelPosition) -> NestedRegression {
        let trend = PolynomialTrend.columns(trendColumns, count: change.count - lags)
        return normalEquations(lags: lags, position: position, trend: trend)
            ?? design(lags: lags, position: position, trend: trend)
    }

    /// The largest power of two that brings the spread of the values near 1: sums of squares neither overflow nor vanish.
    private static func powerOfTwoScale(_ series: [Double]) -> Double {
        var low = series[0]
        var high = series[0]
        for value in series {
            low = min(low, value)
            high = max(high, value)
        }
        let range = high / 2 - low / 2
        guard range.isNormal else { return 1 }
        return Double(sign: .plus, exponent: -max(-1000, min(1000, range.exponent)), significand: 1)
    }
}

extension DickeyFullerRegression {
    /// Below this share of a column left after the earlier ones, or of the response after all, Gram's squared condition
    /// number would show in the ninth digit.
    private static let conditionLimit = 1e-3

    /// The nested fits by Cholesky's factorisation of the normal equations, nil when they are ill conditioned.
    private func normalEquations(lags: Int, position: LevelPosition, trend: [[Double]]) -> NestedRegression? {
        let columns = trend.count + 1 + lags
        let size = columns + 1
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: size * size) { storage -> NestedRegression? in
            guard let gram = storage.baseAddress else { return nil }
            gram.initialize(repeating: 0, count: size * size)
            let levelColumn = position == .beforeLags ? trend.count : columns - 1
            let firstLag = position == .beforeLags ? trend.count + 1 : trend.count
            fillGram(gram, size: size, lags: lags, trend: trend, levelColumn: levelColumn, firstLag: firstLag)
            guard Self.factorise(gram, size: size) else { return nil }
            let response = gram + columns * size
            return NestedRegression(
                rows: change.count - lags,
                projections: (0..<columns).map { response[$0] },
                isIndependent: Array(repeating: true, count: columns),
                residual: response[columns] * response[columns]
            )
        }
    }

    /// Lower triangle of the products of all columns; the response is the last row.
    private func fillGram(
        _ gram: UnsafeMutablePointer<Double>,
        size: Int,
        lags: Int,
        trend: [[Double]],
        levelColumn: Int,
        firstLag: Int
    ) {
        let rows = change.count - lags
        /// Column of the difference lagged by `lag`; lag 0 is the response.
        func column(ofLag lag: Int) -> Int { lag == 0 ? size - 1 : firstLag + lag - 1 }
        func set(_ a: Int, _ b: Int, _ value: Double) { gram[a > b ? a * size + b : b * size + a] = value }
        change.withUnsafeBufferPointer { changes in
            level.withUnsafeBufferPointer { levels in
                guard let d = changes.baseAddress, let x = levels.baseAddress else { return }
                for (index, values) in trend.enumerated() {
                    values.withUnsafeBufferPointer { values in
                        guard let polynomial = values.baseAddress else { return }
                        set(index, index, VectorProducts.dot(polynomial, polynomial, count: rows))
                        set(index, levelColumn, VectorProducts.dot(polynomial, x + lags, count: rows))
                        for lag in 0...lags {
                            let product = VectorProducts.dot(polynomial, d + (lags - lag), count: rows)
                            set(index, column(ofLag: lag), product)
                        }
                    }
                }
                set(levelColumn, levelColumn, VectorProducts.dot(x + lags, x + lags, count: rows))
                for lag in 0...lags {
                    set(levelColumn, column(ofLag: lag), VectorProducts.dot(x + lags, d + (lags - lag), count: rows))
                }
                // Products of two lags a fixed distance apart share all but a few terms at either end. Those ends are
                // added to the shared core, never subtracted, so an outlier at the edge does not cost digits.
                let end = changes.count
                for distance in 0...lags {
                    let core = VectorProducts.dot(d + lags, d + (lags - distance), count: end - 2 * lags)
                    let deepest = lags - distance
                    var tail = core
                    for s in (end - lags)..<(end - deepest) { tail += d[s] * d[s - distance] }
                    set(column(ofLag: deepest), column(ofLag: lags), tail)
                    for lag in stride(from: deepest - 1, through: 0, by: -1) {
                        let s = end - 1 - lag
                        tail += d[s] * d[s - distance]
                        set(column(ofLag: lag), column(ofLag: lag + distance), tail)
                    }
                    var head = 0.0
                    for lag in stride(from: 1, through: deepest, by: 1) {
                        let s = lags - lag
                        head += d[s] * d[s - distance]
                        let (a, b) = (column(ofLag: lag), column(ofLag: lag + distance))
                        gram[a > b ? a * size + b : b * size + a] += head
                    }
                }
            }
        }
    }

    /// Cholesky in place, lower triangle, row by row.
    private static func factorise(_ gram: UnsafeMutablePointer<Double>, size: Int) -> Bool {
        for row in 0..<size {
            let current = gram + row * size
            for column in 0..<row {
                let other = gram + column * size
                let sum = current[column] - VectorProducts.dot(current, other, count: column)
                current[column] = sum / other[column]
            }
            let whole = current[row]
            let remaining = whole - VectorProducts.dot(current, current, count: row)
            guard remaining > conditionLimit * whole else { return false }
            current[row] = remaining.squareRoot()
        }
        return true
    }

    /// The nested fits by orthogonal factorisation of the design itself.
    private func design(lags: Int, position: LevelPosition, trend: [[Double]]) -> NestedRegression {
        let rows = change.count - lags
        let levels = level[lags..<(lags + rows)]
        var matrix: [Double] = []
        matrix.reserveCapacity((trend.count + 1 + lags) * rows)
        for column in trend { matrix += column }
        if position == .beforeLags { matrix += levels }
        for lag in stride(from: 1, through: lags, by: 1) { matrix += change[(lags - lag)..<(lags - lag + rows)] }
        if position == .last { matrix += levels }
        return HouseholderFactorization(
            matrix,
            columns: trend.count + 1 + lags,
            response: Array(change[lags...])
        ).nested
    }
}
