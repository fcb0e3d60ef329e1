/// Huber's regression of y on x: least squares in which a residual beyond 1.345 robust deviations counts less, in
/// proportion to its size.
///
/// Huber 1964 by iteratively reweighted least squares, the scale being the median absolute residual over 0.6745 in
/// every step, as statsmodels `RLM` with `HuberT`.
public struct HuberRegression: Sendable, Equatable {
    /// Hedge ratio: units of y per unit of x.
    public let slope: Double
    /// Value of the line at x = 0, in the unit of y.
    let intercept: Double
    /// Robust standard deviation of the residuals, in the unit of y; 0 when more than half of the points lie on the
    /// line.
    let scale: Double
    /// Reweighted fits made.
    let iterations: Int

    /// Residuals up to this many deviations count fully: 95 % efficiency on normal errors.
    private static let threshold = 1.345
    private static let maximumIterations = 500

    /// Fits the line to paired observations.
    ///
    /// - Throws: `tooFew` below three finite pairs or when lengths differ, `flatLeg` when either leg hardly moves.
    public init(x: [Double], y: [Double]) throws(UndefinedStatistic) {
        guard x.count == y.count else { throw .tooFew }
        let moments = PairMoments(x: x, y: y)
        let start = try LinearFit(moments)
        // About the means, so that a high level costs no digits.
        let u = x.map { $0 - moments.meanX }
        let v = y.map { $0 - moments.meanY }
        let width = (moments.sumXX / Double(x.count)).squareRoot()
        var line = (slope: start.slope, intercept: 0.0)
        var scale = 0.0
        var iterations = 0
        while iterations < Self.maximumIterations {
            let residuals = zip(u, v).map { $1 - line.intercept - line.slope * $0 }
            scale = Median.of(residuals.map(abs)) / Normal.quantile75
            guard scale > 0 else { break }
            let bound = Self.threshold * scale
            let weights = residuals.map { abs($0) <= bound ? 1 : bound / abs($0) }
            let next = Self.weighted(u, v, weights)
            iterations += 1
            let step = abs(next.slope - line.slope) * width + abs(next.intercept - line.intercept)
            line = next
            if step <= 1e-13 * scale { break }
        }
        slope = line.slope
        intercept = (moments.meanY + line.intercept) - line.slope * moments.meanX
        self.scale = scale
        self.iterations = iterations
    }

    private static func weighted(
        _ x: [Double],
        _ y: [Double],
        _ weights: [Double]
    ) -> (slope: Double, intercept: Double) {
        var total = 0.0
        var mean = SIMD2<Double>.zero
        for index in x.indices {
            total += weights[index]
            mean += weights[index] * SIMD2(x[index], y[index])
        }
        mean /= total
        var squares = 0.0
        var products = 0.0
        for index in x.indices {
            let deviation = SIMD2(x[index], y[index]) - mean
            squares += weights[index] * deviation.x * deviation.x
            products += weights[index] * deviation.x * deviation.y
        }
        let slope = products / squares
        return (slope, mean.y - slope * mean.x)
    }
}
