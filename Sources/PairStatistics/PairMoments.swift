/// Count, means and centered sums of squares and products of paired observations (x, y): all that a simple regression
/// or a correlation needs.
public struct PairMoments: Sendable, Equatable {
    /// Number of paired observations.
    public var count: Int
    /// Σ(x-x̄)(y-ȳ).
    @usableFromInline var sumXY: Double
    @usableFromInline var mean: SIMD2<Double>
    /// The centered sums of squares of x and y.
    @usableFromInline var squares: SIMD2<Double>

    /// Moments computed elsewhere; the sums are centered.
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
    var meanX: Double { mean.x }

    /// Mean of y, in the unit of y; 0 without observations.
    @inlinable
    var meanY: Double { mean.y }

    /// Σ(x-x̄)².
    @inlinable
    var sumXX: Double { squares.x }

    /// Σ(y-ȳ)².
    @inlinable
    public var sumYY: Double { squares.y }

    /// Σ((y-ȳ) - slope·(x-x̄))²: the squares of what a line of a given slope leaves over, in the unit of y squared.
    public func squaredResiduals(slope: Double) -> Double {
        max(0, sumYY + slope * (slope * sumXX - 2 * sumXY))
    }

    /// Moments of the observations that are not in `part`, which holds some of these (Chan, Golub and LeVeque 1983,
    /// eq. 2.1). Digits are lost where the rest varies far less than the part.
    public func removing(_ part: PairMoments) -> PairMoments {
        let rest = count - part.count
        guard rest > 0 else { return PairMoments(count: 0, mean: .zero, squares: .zero, sumXY: 0) }
        guard part.count > 0 else { return self }
        let distance = mean - part.mean
        let mean = mean + distance * (Double(part.count) / Double(rest))
        let weight = Double(part.count) * Double(count) / Double(rest)
        var squares = squares - part.squares - weight * distance * distance
        squares.replace(with: 0, where: squares .< 0)
        let products = sumXY - part.sumXY - weight * distance.x * distance.y
        return PairMoments(count: rest, mean: mean, squares: squares, sumXY: products)
    }

    /// Whether a leg hardly moves: its centered sum of squares is at most 1e-24·n·mean², a deviation of 1e-12 of its
    /// mean, whatever the unit of its price. Statistics that use this throw `tooFew` for moments that are not finite.
    @inlinable @inline(__always)
    public var hasFlatLeg: Bool { !bothLegsMove && isFinite }

    /// Whether no leg is flat; false when a mean is not finite or a moment is not a number.
    @inlinable @inline(__always)
    var bothLegsMove: Bool {
        let excess = squares - 1e-24 * Double(count) * (mean * mean)
        return excess.x > 0 && excess.y > 0
    }

    /// The moments of changes between levels of this size, in which squares that the rounding of the levels alone
    /// explains are 0. The mean of the changes is near 0 and does not show their rounding.
    @inlinable @inline(__always)
    func changes(betweenLevels levels: SIMD2<Double>) -> PairMoments {
        // Each change differs by up to two halves of a unit in the last place of both levels.
        let rounding = (2 * Double.ulpOfOne) * levels
        var changes = self
        changes.squares.replace(with: 0, where: squares .<= Double(count) * (rounding * rounding))
        return changes
    }

    /// Whether every moment is a finite number.
    @inlinable @inline(__always)
    var isFinite: Bool {
        let sum = mean + squares
        return (sum.x + sum.y + sumXY).isFinite
    }
}
