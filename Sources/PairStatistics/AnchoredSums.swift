/// Sums of pairs relative to an anchor near them, to which pairs can be added and from which they can be removed.
///
/// Removal leaves rounding behind that is proportional to the largest sum seen, so the owner rebuilds the sums from its
/// data when `isWorn` says that the present variance has become small beside it.
struct AnchoredSums: Sendable, Equatable {
    private(set) var anchor: SIMD2<Double>
    private(set) var count: Double = 0
    private var sum: SIMD2<Double> = .zero
    private var squares: SIMD2<Double> = .zero
    private var products = 0.0
    private var largestSquares: SIMD2<Double> = .zero

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
        let deviation = pair - anchor
        count += 1
        sum += deviation
        squares += deviation * deviation
        products += deviation.x * deviation.y
        largestSquares.replace(with: squares, where: squares .> largestSquares)
    }

    @inline(__always)
    mutating func addToRebuild(_ pair: SIMD2<Double>) {
        let deviation = pair - anchor
        count += 1
        sum += deviation
        squares += deviation * deviation
        products += deviation.x * deviation.y
    }

    mutating func finishRebuild() {
        largestSquares = squares
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
        let squares = squares + (entering * entering - leaving * leaving)
        self.squares = squares
        products += entering.x * entering.y - leaving.x * leaving.y
        largestSquares.replace(with: squares, where: squares .> largestSquares)
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

    @inline(__always)
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
