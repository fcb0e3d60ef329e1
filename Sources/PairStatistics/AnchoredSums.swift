/// Sums of the pairs in a window relative to an anchor near them.
///
/// Removal leaves rounding behind that is proportional to the largest sum seen. So the pairs that enter are also summed
/// up afresh, without any removal; once these are all the pairs of the window, `renew` puts their sums in place. An
/// outlier that leaves before makes the sums `isWorn`, and the owner sums up its data again.
@usableFromInline
struct AnchoredSums: Sendable {
    @usableFromInline var anchor: SIMD2<Double>
    @usableFromInline var present = PowerSums()
    @usableFromInline var fresh = PowerSums()
    @usableFromInline var largestSquares = SIMD2<Double>.zero

    @inlinable
    init(anchor: SIMD2<Double>) {
        self.anchor = anchor
    }

    /// Empty sums anchored at the present mean.
    var emptied: AnchoredSums {
        AnchoredSums(anchor: present.count > 0 ? anchor + present.sum / Double(present.count) : anchor)
    }

    /// Adds a pair, of which the first becomes the anchor.
    mutating func add(_ pair: SIMD2<Double>) {
        if present.count == 0 { self = AnchoredSums(anchor: pair) }
        present.add(pair - anchor)
        fresh.add(pair - anchor)
        noteLargest()
    }

    mutating func remove(_ pair: SIMD2<Double>) {
        present.remove(pair - anchor)
    }

    /// As `remove(old)` and `add(new)`, with other pairs left in between.
    @inlinable @inline(__always)
    mutating func replace(_ old: SIMD2<Double>, with new: SIMD2<Double>) {
        present.replace(old - anchor, with: new - anchor)
        fresh.add(new - anchor)
        noteLargest()
    }

    @inlinable @inline(__always)
    mutating func noteLargest() {
        largestSquares.replace(with: present.squares, where: present.squares .> largestSquares)
    }

    /// Puts the fresh sums in place of the present ones, which they equal but for rounding.
    mutating func renew() {
        present = fresh
        largestSquares = fresh.squares
        fresh = PowerSums()
    }

    /// Above 0 where the centered sum of squares has become a hundredth of the largest sum of squares since the last
    /// renewal, so that two digits are lost to cancellation.
    @inlinable @inline(__always)
    var wear: SIMD2<Double> {
        present.sum * present.sum - Double(present.count) * (present.squares - 0.01 * largestSquares)
    }

    /// Whether digits have been lost that a rebuild would bring back: deviations as small as the rounding of the data
    /// itself have none.
    var isWorn: Bool {
        let rounding = 1e-28 * Double(present.count) * anchor * anchor
        return any((wear .> 0) .& (largestSquares .> rounding))
    }

    @inlinable @inline(__always)
    var moments: PairMoments {
        guard present.count > 0 else {
            return PairMoments(count: 0, meanX: 0, meanY: 0, sumXX: 0, sumYY: 0, sumXY: 0)
        }
        // The reciprocal waits for no sum, so that it is ready when they are.
        let offset = present.sum * (1 / Double(present.count))
        let mean = anchor + offset
        let centered = present.squares - present.sum * offset
        return PairMoments(
            count: present.count,
            meanX: mean.x,
            meanY: mean.y,
            sumXX: max(0, centered.x),
            sumYY: max(0, centered.y),
            sumXY: present.products - present.sum.x * offset.y
        )
    }
}
