import TestSupport
import Testing

@testable import MarketData

@Suite struct DecimalSumTests {
    @Test("The sum is exact where doubles would have rounding errors")
    func exact() throws {
        var sum = try DecimalSum(FixedDecimal("0.1"))
        for _ in 1..<10 { try sum.add(FixedDecimal("0.1")) }
        #expect(sum.doubleValue == 1)
    }

    @Test("Order and scales do not matter")
    func order() {
        var generator = SeededRandom(seed: 3)
        for _ in 0..<200 {
            var terms = (0..<50).map { _ in
                FixedDecimal(
                    mantissa: .random(in: 0...1_000_000_000_000, using: &generator),
                    scale: .random(in: 0...18, using: &generator)
                )
            }
            let first = total(terms)
            terms.shuffle(using: &generator)
            #expect(total(terms) == first)
            let naive = terms.reduce(0) { $0 + $1.doubleValue }
            #expect(abs(first - naive) <= 1e-13 * naive)
        }
    }

    @Test("Quantities beyond 127 bits spill into a double and never trap")
    func spills() {
        let largest = FixedDecimal(mantissa: .max, scale: 0)
        let smallest = FixedDecimal(mantissa: 1, scale: 18)
        var sum = DecimalSum(smallest)
        for _ in 0..<100 { sum.add(largest) }
        #expect(abs(sum.doubleValue / (100 * 9.223372036854775807e18) - 1) < 1e-12)
        sum = DecimalSum(largest)
        for _ in 0..<100 { sum.add(largest) }
        sum.add(smallest)
        #expect(abs(sum.doubleValue / (101 * 9.223372036854775807e18) - 1) < 1e-12)
    }

    private func total(_ terms: [FixedDecimal]) -> Double {
        var sum = DecimalSum(terms[0])
        for term in terms.dropFirst() { sum.add(term) }
        return sum.doubleValue
    }
}
