/// Sums of levels and returns of a pair, of their squares and of their products.
///
/// The lanes are x and y; of the products those of the levels, then those of the returns.
@usableFromInline
struct PowerSums: Sendable {
    @usableFromInline var levels = SIMD2<Double>.zero
    @usableFromInline var returns = SIMD2<Double>.zero
    @usableFromInline var levelSquares = SIMD2<Double>.zero
    @usableFromInline var returnSquares = SIMD2<Double>.zero
    @usableFromInline var products = SIMD2<Double>.zero

    @inlinable
    init() {}

    @inlinable @inline(__always)
    mutating func add(level: SIMD2<Double>, change: SIMD2<Double>) {
        levels += level
        returns += change
        levelSquares += level * level
        returnSquares += change * change
        products += SIMD2(level.x, change.x) * SIMD2(level.y, change.y)
    }

    @inlinable @inline(__always)
    mutating func remove(level: SIMD2<Double>, change: SIMD2<Double>) {
        levels -= level
        returns -= change
        levelSquares -= level * level
        returnSquares -= change * change
        products -= SIMD2(level.x, change.x) * SIMD2(level.y, change.y)
    }

    /// Changes the sums to those of levels that are larger by a distance.
    mutating func moveLevels(by distance: SIMD2<Double>, count: Int) {
        let before = levels
        levels += Double(count) * distance
        levelSquares += distance * (before + levels)
        products.x += distance.x * before.y + distance.y * levels.x
    }

    /// Removes and returns the sums of the returns.
    mutating func removeReturns() -> PowerSums {
        var removed = PowerSums()
        swap(&removed.returns, &returns)
        swap(&removed.returnSquares, &returnSquares)
        swap(&removed.products.y, &products.y)
        return removed
    }
}
