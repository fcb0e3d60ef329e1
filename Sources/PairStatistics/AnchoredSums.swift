/// Sums of the levels and returns in a window relative to an anchor near them.
///
/// Removal leaves rounding that is proportional to the largest sum. New values are therefore summed without any
/// removal, apart from those that they replace. The owner sums its data again each time the ring starts again, which
/// ends the rounding of earlier removals, and when an outlier that has left makes the sums imprecise (`isImprecise`).
@usableFromInline
struct AnchoredSums: Sendable {
    @usableFromInline var levelAnchor = SIMD2<Double>.zero
    @usableFromInline var returnAnchor = SIMD2<Double>.zero
    /// Sums of the values added since the last renewal.
    @usableFromInline var entered = PowerSums()
    /// Sums of the values added before it and not removed.
    @usableFromInline var remaining = PowerSums()
    /// A hundredth of the sums of squares that `remaining` began with.
    @usableFromInline private(set) var levelFloor = SIMD2<Double>.zero
    @usableFromInline private(set) var returnFloor = SIMD2<Double>.zero
    @usableFromInline private(set) var levelCount = 0
    @usableFromInline private(set) var returnCount = 0
    /// One over the number of levels and of returns in both lanes, 0 where there are none.
    @usableFromInline private(set) var levelShare = SIMD2<Double>.zero
    @usableFromInline private(set) var returnShare = SIMD2<Double>.zero

    @inlinable
    init() {}

    /// Empty sums of levels anchored here, and of returns at 0.
    init(anchor: SIMD2<Double>) {
        levelAnchor = anchor
    }

    /// Sums of slots that hold a value in every place, as `append` of one after another and `keep` would leave them.
    init(complete slots: PairSlots, _ numbers: Range<Int64>, anchor: SIMD2<Double>) {
        levelAnchor = anchor
        var previous = slots[numbers.lowerBound]
        var sums = PowerSums()
        slots.forEach(in: numbers) { slot in
            sums.add(level: slot - anchor, change: slot - previous)
            previous = slot
        }
        entered = sums
        levelCount = numbers.count
        returnCount = max(0, numbers.count - 1)
        keep()
        updateShares()
    }

    /// Empty sums anchored at the present means.
    var emptied: AnchoredSums {
        var sums = AnchoredSums()
        sums.levelAnchor = levelAnchor + (remaining.levels + entered.levels) * levelShare
        sums.returnAnchor = returnAnchor + (remaining.returns + entered.returns) * returnShare
        return sums
    }

    /// Adds a level and, where the one before it has a value, the return to it; the first of either becomes its anchor.
    mutating func add(level: SIMD2<Double>, change: SIMD2<Double>?) {
        if levelCount == 0 { levelAnchor = level }
        if returnCount == 0, let change { returnAnchor = change }
        append(level: level, change: change)
        updateShares()
    }

    /// Adds values without a change of the anchor; `updateShares` is called after the last of several.
    mutating func append(level: SIMD2<Double>, change: SIMD2<Double>?) {
        entered.add(level: level - levelAnchor, change: deviation(change))
        levelCount += 1
        if change != nil { returnCount += 1 }
    }

    /// Removes values added before the last renewal.
    mutating func remove(level: SIMD2<Double>, change: SIMD2<Double>?) {
        remaining.remove(level: level - levelAnchor, change: deviation(change))
        levelCount -= 1
        if change != nil { returnCount -= 1 }
        updateShares()
    }

    /// As `remove(level: oldest, change: leaving)` and `append(level: newest, change: entering)`.
    @inlinable @inline(__always)
    mutating func replace(
        _ oldest: SIMD2<Double>,
        _ leaving: SIMD2<Double>,
        with newest: SIMD2<Double>,
        _ entering: SIMD2<Double>
    ) {
        remaining.remove(level: oldest - levelAnchor, change: leaving - returnAnchor)
        entered.add(level: newest - levelAnchor, change: entering - returnAnchor)
    }

    /// Updates the shares from the counts; without values all sums become 0.
    mutating func updateShares() {
        guard levelCount > 0 else {
            self = AnchoredSums()
            return
        }
        levelShare = SIMD2(repeating: 1 / Double(levelCount))
        returnShare = SIMD2(repeating: returnCount > 0 ? 1 / Double(returnCount) : 0)
        guard returnCount == 0 else { return }
        _ = remaining.removeReturns()
        _ = entered.removeReturns()
        (returnAnchor, returnFloor) = (.zero, .zero)
    }

    /// Anchors the levels at their mean, where `remaining` holds all values of the window.
    mutating func center() {
        let offset = remaining.levels * levelShare
        // The distance that the rounded anchor has moved, not the exact offset.
        let before = levelAnchor
        levelAnchor += offset
        remaining.moveLevels(by: before - levelAnchor, count: levelCount)
    }

    /// Moves the sums in `entered` to `remaining`.
    mutating func keep() {
        remaining = entered
        levelFloor = 0.01 * entered.levelSquares
        returnFloor = 0.01 * entered.returnSquares
        entered = PowerSums()
    }

    /// Adds the returns in `entered` to `remaining`.
    mutating func keepReturns() {
        let kept = entered.removeReturns()
        remaining.returns += kept.returns
        remaining.returnSquares += kept.returnSquares
        remaining.products += kept.products
        returnFloor += 0.01 * kept.returnSquares
    }

    @inlinable @inline(__always)
    var levels: PairMoments {
        PairMoments(
            count: levelCount,
            share: levelShare,
            anchor: levelAnchor,
            sum: remaining.levels + entered.levels,
            squares: remaining.levelSquares + entered.levelSquares,
            products: remaining.products.x + entered.products.x
        )
    }

    @inlinable @inline(__always)
    var returns: PairMoments {
        PairMoments(
            count: returnCount,
            share: returnShare,
            anchor: returnAnchor,
            sum: remaining.returns + entered.returns,
            squares: remaining.returnSquares + entered.returnSquares,
            products: remaining.products.y + entered.products.y
        )
    }

    /// Whether a centered sum of squares has become a hundredth of the largest sum of squares since the last renewal,
    /// so that two digits are lost to cancellation.
    @inlinable @inline(__always)
    var mayBeImprecise: Bool {
        let (levels, returns) = (levelReserve, returnReserve)
        let least = levels.replacing(with: returns, where: returns .< levels)
        return least.x < 0 || least.y < 0
    }

    /// Below 0 where that is so. No sum of squares was larger than the first and the present one together.
    @inlinable @inline(__always)
    var levelReserve: SIMD2<Double> {
        let sum = remaining.levels + entered.levels
        return 0.99 * (remaining.levelSquares + entered.levelSquares) - sum * sum * levelShare - levelFloor
    }

    /// As for the levels.
    @inlinable @inline(__always)
    var returnReserve: SIMD2<Double> {
        let sum = remaining.returns + entered.returns
        return 0.99 * (remaining.returnSquares + entered.returnSquares) - sum * sum * returnShare - returnFloor
    }

    /// Whether a rebuild would restore lost digits: deviations as small as the rounding of the data have no digits.
    var isImprecise: Bool {
        let levelSquares = 100 * levelFloor + remaining.levelSquares + entered.levelSquares
        let returnSquares = 100 * returnFloor + remaining.returnSquares + entered.returnSquares
        let levelsAreCoarse = levelSquares * levelShare .> 1e-28 * levelAnchor * levelAnchor
        let returnsAreCoarse = returnSquares * returnShare .> 1e-28 * returnAnchor * returnAnchor
        return any(levelsAreCoarse .& (levelReserve .< 0)) || any(returnsAreCoarse .& (returnReserve .< 0))
    }

    /// 0 without a value, which adds nothing to a sum.
    private func deviation(_ change: SIMD2<Double>?) -> SIMD2<Double> {
        change.map { $0 - returnAnchor } ?? .zero
    }
}
