/// Orthogonal polynomials of time on an even grid: 1, τ and τ² less its mean, with τ from -1 to 1.
enum PolynomialTrend {
    /// The polynomials above the constant, `columns` (0 to 3) terms counting it, on a grid of `count` points.
    static func slopes(columns: Int, count: Int) -> [[Double]] {
        guard columns > 1, count > 0 else { return [] }
        let span = Double(max(1, count - 1))
        let linear = (0..<count).map { (2 * Double($0) - span) / span }
        guard columns > 2 else { return [linear] }
        var squares = linear.map { $0 * $0 }
        _ = remove(columns: 1, from: &squares)
        return [linear, squares]
    }

    /// Subtracts the least-squares polynomial with `columns` terms from a series.
    /// - Returns: whether more than rounding is left of the variation about the mean.
    static func remove(columns: Int, from series: inout [Double]) -> Bool {
        guard columns > 0 else { return true }
        let slopes = slopes(columns: columns, count: series.count)
        let count = series.count
        return series.withUnsafeMutableBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return true }
            let origin = values[0]
            let mean = origin + VectorProducts.sum(values, count: count, from: origin) / Double(count)
            VectorProducts.add(-mean, to: values, count: count)
            guard !slopes.isEmpty else { return true }
            let whole = VectorProducts.dot(values, values, count: count)
            for column in slopes {
                column.withUnsafeBufferPointer { column in
                    guard let column = column.baseAddress else { return }
                    let length = VectorProducts.dot(column, column, count: count)
                    guard length > 0 else { return }
                    let slope = VectorProducts.dot(column, values, count: count) / length
                    VectorProducts.add(column, times: -slope, to: values, count: count)
                }
            }
            let rest = VectorProducts.dot(values, values, count: count)
            let rounding = max(abs(origin), abs(mean)) * Double.ulpOfOne
            return rest > 1e-26 * whole && !RoundingNoise.holds(rest, of: whole, count: count, rounding: rounding)
        }
    }
}
