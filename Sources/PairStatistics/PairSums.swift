/// Sums of pairs that are added one after another, relative to the first of them.
struct PairSums: Sendable {
    private var count = 0
    private var anchor = SIMD2<Double>.zero
    private var sum = SIMD2<Double>.zero
    private var squares = SIMD2<Double>.zero
    private var products = 0.0

    mutating func add(_ pair: SIMD2<Double>) {
        if count == 0 { anchor = pair }
        let deviation = pair - anchor
        count += 1
        sum += deviation
        squares += deviation * deviation
        products += deviation.x * deviation.y
    }

    var moments: PairMoments {
        PairMoments(
            count: count,
            share: SIMD2(repeating: count > 0 ? 1 / Double(count) : 0),
            anchor: anchor,
            sum: sum,
            squares: squares,
            products: products
        )
    }
}
