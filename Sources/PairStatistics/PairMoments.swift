/// Count, means and centered sums of squares and products of paired observations (x, y): all that a simple regression
/// or a correlation needs.
public struct PairMoments: Sendable, Equatable {
    /// Number of paired observations.
    public var count: Int
    /// Σ(x-x̄)(y-ȳ).
    public var sumXY: Double
    @usableFromInline var mean: SIMD2<Double>
    /// The centered sums of squares of x and y.
    @usableFromInline var squares: SIMD2<Double>

    /// Moments known from elsewhere; the sums are centered.
    @inlinable
    public init(count: Int, meanX: Double, meanY: Double, sumXX: Double, sumYY: Double, sumXY: Double) {
        self.init(count: count, mean: SIMD2(meanX, meanY), squares: SIMD2(sumXX, sumYY), sumXY: sumXY)
    }

    @inlinable @inline(__always)
    init(count: Int, mean: SIMD2<Double>, squares: SIMD2<Double>, sumXY: Double) {
        self.count = count
        self.mean = mean
        self.squares = squares
        self.sumXY = sumXY
    }

    /// From sums relative to an anchor; without observations all but the count are 0.
    /// - Parameter share: one over the count, 0 for none.
    @inlinable @inline(__always)
    init(
        count: Int,
        share: SIMD2<Double>,
        anchor: SIMD2<Double>,
        sum: SIMD2<Double>,
        squares: SIMD2<Double>,
        products: Double
    ) {
        let offset = sum * share
        var centered = squares - sum * offset
        centered.replace(with: 0, where: centered .< 0)
        self.init(count: count, mean: anchor + offset, squares: centered, sumXY: products - sum.x * offset.y)
    }

    /// Two passes over the data, the second corrected for the rounding of the mean
    /// (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", eq. 1.7).
    ///
    /// `x` and `y` have the same length; surplus values of the longer one are not used.
    public init(x: [Double], y: [Double]) {
        let count = min(x.count, y.count)
        guard count > 0 else {
            self.init(count: 0, mean: .zero, squares: .zero, sumXY: 0)
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
        squares.replace(with: 0, where: squares .< 0)
        self.init(count: count, mean: mean + rest / n, squares: squares, sumXY: products)
    }

    /// Mean of x, in the unit of x; 0 without observations.
    @inlinable
    public var meanX: Double { mean.x }

    /// Mean of y, in the unit of y; 0 without observations.
    @inlinable
    public var meanY: Double { mean.y }

    /// Σ(x-x̄)².
    @inlinable
    public var sumXX: Double { squares.x }

    /// Σ(y-ȳ)².
    @inlinable
    public var sumYY: Double { squares.y }

    /// Sample variance of x (ddof 1), nil below two observations.
    public var varianceX: Double? { count > 1 ? sumXX / Double(count - 1) : nil }

    /// Sample variance of y (ddof 1), nil below two observations.
    public var varianceY: Double? { count > 1 ? sumYY / Double(count - 1) : nil }

    /// Whether a leg hardly moves: its centered sum of squares is at most 1e-12·n·max(1, mean²).
    /// Moments that are not finite throw `tooFew` in the statistics that ask this.
    @inlinable @inline(__always)
    public var hasFlatLeg: Bool { !bothLegsMove && isFinite }

    /// Whether no leg is flat; false when a mean is not finite or a moment is not a number.
    @inlinable @inline(__always)
    var bothLegsMove: Bool {
        var unit = mean * mean
        unit.replace(with: 1, where: unit .< 1)
        let excess = squares - 1e-12 * Double(count) * unit
        return excess.x > 0 && excess.y > 0
    }

    /// Whether every moment is a finite number.
    @inlinable @inline(__always)
    var isFinite: Bool {
        let sum = mean + squares
        return (sum.x + sum.y + sumXY).isFinite
    }
}
