/// Count, means and centered sums of squares and products of paired observations (x, y): all that a simple regression
/// or a correlation needs.
public struct PairMoments: Sendable, Equatable {
    /// Number of paired observations.
    public var count: Int
    /// Mean of x, in the unit of x; 0 without observations.
    public var meanX: Double
    /// Mean of y, in the unit of y; 0 without observations.
    public var meanY: Double
    /// Σ(x-x̄)².
    public var sumXX: Double
    /// Σ(y-ȳ)².
    public var sumYY: Double
    /// Σ(x-x̄)(y-ȳ).
    public var sumXY: Double

    /// Moments known from elsewhere; the sums are centered.
    @inlinable
    public init(count: Int, meanX: Double, meanY: Double, sumXX: Double, sumYY: Double, sumXY: Double) {
        self.count = count
        self.meanX = meanX
        self.meanY = meanY
        self.sumXX = sumXX
        self.sumYY = sumYY
        self.sumXY = sumXY
    }

    /// Two passes over the data, the second corrected for the rounding of the mean
    /// (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", eq. 1.7).
    ///
    /// `x` and `y` have the same length; surplus values of the longer one are not used.
    public init(x: [Double], y: [Double]) {
        let count = min(x.count, y.count)
        guard count > 0 else {
            self.init(count: 0, meanX: 0, meanY: 0, sumXX: 0, sumYY: 0, sumXY: 0)
            return
        }
        let n = Double(count)
        var total = SIMD2<Double>.zero
        for i in 0..<count { total += SIMD2(x[i], y[i]) }
        let mean = total / n
        var rest = SIMD2<Double>.zero
        var squares = SIMD2<Double>.zero
        var products = 0.0
        for i in 0..<count {
            let deviation = SIMD2(x[i], y[i]) - mean
            rest += deviation
            squares += deviation * deviation
            products += deviation.x * deviation.y
        }
        squares -= rest * rest / n
        products -= rest.x * rest.y / n
        let corrected = mean + rest / n
        self.init(
            count: count,
            meanX: corrected.x,
            meanY: corrected.y,
            sumXX: max(0, squares.x),
            sumYY: max(0, squares.y),
            sumXY: products
        )
    }

    /// Sample variance of x (ddof 1), nil below two observations.
    public var varianceX: Double? { count > 1 ? sumXX / Double(count - 1) : nil }

    /// Sample variance of y (ddof 1), nil below two observations.
    public var varianceY: Double? { count > 1 ? sumYY / Double(count - 1) : nil }

    /// Whether a leg hardly moves: its centered sum of squares is at most 1e-12·n·max(1, mean²).
    /// Moments that are not finite throw `tooFew` in the statistics that ask this.
    @inlinable @inline(__always)
    public var hasFlatLeg: Bool {
        let floor = 1e-12 * Double(count)
        return sumXX <= floor * max(1, meanX * meanX) || sumYY <= floor * max(1, meanY * meanY)
    }

    /// Whether every moment is a finite number.
    @inlinable @inline(__always)
    var isFinite: Bool {
        (meanX + meanY + sumXX + sumYY + sumXY).isFinite
    }
}
