/// A sum kept as two Doubles, so that about 32 digits are carried (Dekker 1971; Ogita, Rump and Oishi 2005).
struct DoubledSum {
    private var high: Double
    private var low = 0.0

    init(_ value: Double) {
        high = value
    }

    var value: Double { high + low }

    mutating func add(_ term: Double) {
        let sum = high + term
        let part = sum - high
        low += (high - (sum - part)) + (term - part)
        high = sum
    }

    /// Adds a·b without rounding the product.
    mutating func addProduct(_ a: Double, _ b: Double) {
        let product = a * b
        add(product)
        low += (-product).addingProduct(a, b)
    }
}
