/// Sums of pairs relative to an anchor near them, to which pairs can be added and from which they can be removed.
///
/// Removal leaves rounding behind that is proportional to the largest sum seen, so the owner rebuilds the sums from its
/// data when `isWorn` says that the present variance has become small beside it.
@usableFromInline
struct AnchoredSums: Sendable, Equatable {
    @usableFromInline var anchor: SIMD2<Double>
    @usableFromInline var sum: SIMD2<Double> = .zero
    @usableFromInline var squares: SIMD2<Double> = .zero
    private var largestSquares: SIMD2<Double> = .zero
    @usableFromInline var products = 0.0
    @usableFromInline var count = 0.0

    init(anchor: SIMD2<Double>) {
        self.anchor = anchor
    }

    /// Empty sums anchored at the present mean, for a rebuild.
    var emptied: AnchoredSums {
        AnchoredSums(anchor: count > 0 ? anchor + sum / count : anchor)
    }

    @inline(__always)
    mutating func add(_ pair: SIMD2<Double>) {
        if count == 0 { self = AnchoredSums(anchor: pair) }
        accumulate(pair)
        noteLargest()
    }

    /// As `add`, but `noteLargest` is left to the end.
    @inline(__always)
    mutating func accumulate(_ pair: SIMD2<Double>) {
        let deviation = pair - anchor
        count += 1
        sum += deviation
        squares += deviation * deviation
        products += deviation.x * deviation.y
    }

    @inline(__always)
    mutating func noteLargest() {
        largestSquares.replace(with: squares, where: squares .> largestSquares)
    }

    @inline(__always)
    mutating func remove(_ pair: SIMD2<Double>) {
        let deviation = pair - anchor
        count -= 1
        sum -= deviation
        squares -= deviation * deviation
        products -= deviation.x * deviation.y
    }

    /// As `remove(old)` and `add(new)`, with other pairs left in between.
    @inline(__always)
    mutating func replace(_ old: SIMD2<Double>, with new: SIMD2<Double>) {
        let leaving = old - anchor
        let entering = new - anchor
        sum += entering - leaving
        squares += entering * entering - leaving * leaving
        products += entering.x * entering.y - leaving.x * leaving.y
        noteLargest()
    }

    /// Whether two digits or more have been lost to cancellation since the last rebuild.
    @inline(__always)
    var isWorn: Bool {
        let centered = count * squares - sum * sum
        let limit = 0.01 * count * largestSquares
        guard any(centered .< limit) else { return false }
        // Deviations of this relative size are the rounding of the data itself: no rebuild makes them better.
        let rounding = 1e-28 * count * anchor * anchor
        return any((centered .< limit) .& (largestSquares .> rounding))
    }

    @inlinable
    var moments: PairMoments {
        guard count > 0 else {
            return PairMoments(count: 0, meanX: 0, meanY: 0, sumXX: 0, sumYY: 0, sumXY: 0)
        }
        let offset = sum / count
        let mean = anchor + offset
        let centered = squares - sum * offset
        return PairMoments(
            count: Int(count),
            meanX: mean.x,
            meanY: mean.y,
            sumXX: max(0, centered.x),
            sumYY: max(0, centered.y),
            sumXY: products - sum.x * offset.y
        )
    }
}
