/// Sums of levels and returns of a pair, of their squares and of their products.
///
/// The lanes are the levels of x and y, then the returns of x and y; of the products those of the levels, then those of
/// the returns.
@usableFromInline
struct PowerSums: Sendable {
    @usableFromInline var sum = SIMD4<Double>.zero
    @usableFromInline var squares = SIMD4<Double>.zero
    @usableFromInline var products = SIMD2<Double>.zero

    @inlinable
    init() {}

    @inlinable @inline(__always)
    mutating func add(_ values: SIMD4<Double>) {
        sum += values
        squares += values * values
        products += values.evenHalf * values.oddHalf
    }

    @inlinable @inline(__always)
    mutating func remove(_ values: SIMD4<Double>) {
        sum -= values
        squares -= values * values
        products -= values.evenHalf * values.oddHalf
    }

    /// As `remove(old)` and `add(new)`.
    @inlinable @inline(__always)
    mutating func replace(_ old: SIMD4<Double>, with new: SIMD4<Double>) {
        sum += new - old
        squares += new * new - old * old
        products += new.evenHalf * new.oddHalf - old.evenHalf * old.oddHalf
    }

    /// The sums without those of the returns.
    mutating func clearReturns() {
        sum.highHalf = .zero
        squares.highHalf = .zero
        products.y = 0
    }
}
