/// Orthogonal polynomials of time on an even grid: 1, τ and τ² less its mean, with τ from -1 to 1.
enum PolynomialTrend {
    /// The first `columns` (0 to 3) polynomials on a grid of `count` points, each column contiguous.
    static func columns(_ columns: Int, count: Int) -> [[Double]] {
        guard columns > 0, count > 0 else { return [] }
        var result = [[Double](repeating: 1, count: count)]
        guard columns > 1 else { return result }
        let span = Double(max(1, count - 1))
        let linear = (0..<count).map { (2 * Double($0) - span) / span }
        result.append(linear)
        guard columns > 2 else { return result }
        let squares = linear.map { $0 * $0 }
        let mean = squares.reduce(0, +) / Double(count)
        result.append(squares.map { $0 - mean })
        return result
    }

    /// Takes the least-squares polynomial with `columns` terms out of a series.
    static func remove(columns count: Int, from series: inout [Double]) {
        guard count > 0 else { return }
        let n = Double(series.count)
        // The mean twice: what its rounding leaves is a constant shift too.
        for _ in 0..<2 {
            let mean = series.reduce(0, +) / n
            for index in series.indices { series[index] -= mean }
        }
        for column in columns(count, count: series.count).dropFirst() {
            let length = zip(column, column).reduce(0) { $0 + $1.0 * $1.1 }
            guard length > 0 else { continue }
            let slope = zip(column, series).reduce(0) { $0 + $1.0 * $1.1 } / length
            for index in series.indices { series[index] -= slope * column[index] }
        }
    }
}
