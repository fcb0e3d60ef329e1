/// Sums of the levels and returns in a window relative to an anchor near them, in the lanes of `PowerSums`.
///
/// Removal leaves rounding behind that is proportional to the largest sum seen. So the values that enter are also summed
/// up afresh, without any removal; once these are all the values of the window, `renew` puts their sums in place. An
/// outlier that leaves before makes the sums `isWorn`, and the owner sums up its data again.
@usableFromInline
struct AnchoredSums: Sendable {
    @usableFromInline var anchor = SIMD4<Double>.zero
    @usableFromInline var present = PowerSums()
    @usableFromInline var fresh = PowerSums()
    @usableFromInline var largestSquares = SIMD4<Double>.zero
    @usableFromInline private(set) var levelCount = 0
    @usableFromInline private(set) var returnCount = 0
    /// One over the number of values in each lane, 0 where there are none.
    @usableFromInline private(set) var shares = SIMD4<Double>.zero

    @inlinable
    init() {}

    /// Empty sums anchored at the present means.
    var emptied: AnchoredSums {
        var sums = AnchoredSums()
        sums.anchor = anchor + present.sum * shares
        return sums
    }

    /// Adds a level and, where the one before it is known, the return to it; the first of either becomes its anchor.
    mutating func add(level: SIMD2<Double>, change: SIMD2<Double>?) {
        if levelCount == 0 {
            self = AnchoredSums()
            anchor.lowHalf = level
        }
        if returnCount == 0, let change {
            present.clearReturns()
            fresh.clearReturns()
            largestSquares.highHalf = .zero
            anchor.highHalf = change
        }
        append(level: level, change: change)
    }

    /// Adds values without a change of the anchor.
    mutating func append(level: SIMD2<Double>, change: SIMD2<Double>?) {
        let values = deviations(level: level, change: change)
        present.add(values)
        fresh.add(values)
        count(levels: 1, returns: change == nil ? 0 : 1)
        noteLargest()
    }

    mutating func remove(level: SIMD2<Double>, change: SIMD2<Double>?) {
        present.remove(deviations(level: level, change: change))
        count(levels: -1, returns: change == nil ? 0 : -1)
    }

    /// As `remove(old)` and `add(new)`, with other values left in between.
    @inlinable @inline(__always)
    mutating func replace(_ old: SIMD4<Double>, with new: SIMD4<Double>) {
        present.replace(old - anchor, with: new - anchor)
        fresh.add(new - anchor)
        noteLargest()
    }

    @inlinable @inline(__always)
    mutating func noteLargest() {
        largestSquares.replace(with: present.squares, where: present.squares .> largestSquares)
    }

    /// Puts the fresh sums in place of the present ones, which they equal but for rounding, and starts afresh.
    mutating func renew() {
        present = fresh
        largestSquares = fresh.squares
        fresh = PowerSums()
    }

    /// Whether a centered sum of squares has become a hundredth of the largest sum of squares since the last renewal, so
    /// that two digits are lost to cancellation.
    @inlinable @inline(__always)
    var mayBeWorn: Bool {
        let wear = wear
        var greatest = wear.lowHalf
        greatest.replace(with: wear.highHalf, where: wear.highHalf .> greatest)
        return greatest.x > 0 || greatest.y > 0
    }

    /// Above 0 where that is so.
    @inlinable @inline(__always)
    var wear: SIMD4<Double> {
        present.sum * present.sum * shares - (present.squares - 0.01 * largestSquares)
    }

    /// Whether digits have been lost that a rebuild would bring back: deviations as small as the rounding of the data
    /// itself have none.
    var isWorn: Bool {
        any((wear .> 0) .& (largestSquares * shares .> 1e-28 * anchor * anchor))
    }

    @inlinable @inline(__always)
    var levels: PairMoments {
        PairMoments(
            count: levelCount,
            share: shares.lowHalf,
            anchor: anchor.lowHalf,
            sum: present.sum.lowHalf,
            squares: present.squares.lowHalf,
            products: present.products.x
        )
    }

    @inlinable @inline(__always)
    var returns: PairMoments {
        PairMoments(
            count: returnCount,
            share: shares.highHalf,
            anchor: anchor.highHalf,
            sum: present.sum.highHalf,
            squares: present.squares.highHalf,
            products: present.products.y
        )
    }

    /// A value that is not there lies at the anchor, where it adds nothing.
    private func deviations(level: SIMD2<Double>, change: SIMD2<Double>?) -> SIMD4<Double> {
        SIMD4(lowHalf: level, highHalf: change ?? anchor.highHalf) - anchor
    }

    private mutating func count(levels: Int, returns: Int) {
        levelCount += levels
        returnCount += returns
        shares.lowHalf = SIMD2(repeating: levelCount > 0 ? 1 / Double(levelCount) : 0)
        shares.highHalf = SIMD2(repeating: returnCount > 0 ? 1 / Double(returnCount) : 0)
    }
}
