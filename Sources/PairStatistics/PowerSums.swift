/// Count and sums of pairs, of their squares and of their products.
@usableFromInline
struct PowerSums: Sendable {
    @usableFromInline var sum = SIMD2<Double>.zero
    @usableFromInline var squares = SIMD2<Double>.zero
    @usableFromInline var products = 0.0
    @usableFromInline var count = 0

    @inlinable
    init() {}

    @inlinable @inline(__always)
    mutating func add(_ pair: SIMD2<Double>) {
        count &+= 1
        sum += pair
        squares += pair * pair
        products += pair.x * pair.y
    }

    @inlinable @inline(__always)
    mutating func remove(_ pair: SIMD2<Double>) {
        count &-= 1
        sum -= pair
        squares -= pair * pair
        products -= pair.x * pair.y
    }

    /// As `remove(old)` and `add(new)`.
    @inlinable @inline(__always)
    mutating func replace(_ old: SIMD2<Double>, with new: SIMD2<Double>) {
        sum += new - old
        squares += new * new - old * old
        products += new.x * new.y - old.x * old.y
    }
}
