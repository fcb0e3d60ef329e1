import TestSupport
import Testing

@testable import PrometheusExposition

@Suite struct ShortestDecimalTests {
    /// Digits and exponent of the standard library's shortest text.
    private func reference(_ value: Double) -> (digits: UInt64, exponent: Int) {
        let parts = value.magnitude.description.split(separator: "e")
        let sides = parts[0].split(separator: ".")
        let fraction = sides.count == 2 && sides[1] != "0" ? sides[1] : ""
        var digits = String(sides[0]) + fraction
        var exponent = (parts.count == 2 ? Int(parts[1]) ?? 0 : 0) - fraction.count
        while digits.count > 1, digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        return (UInt64(digits) ?? 0, exponent)
    }

    private func check(_ value: Double, sourceLocation: SourceLocation = #_sourceLocation) {
        let decimal = ShortestDecimal(magnitudeOf: value)
        let expected = reference(value)
        // Comparing before the expectation makes hundreds of thousands of successes cheap.
        if (decimal.digits, decimal.exponent) != expected {
            Issue.record(
                "\(value): \(decimal.digits)e\(decimal.exponent), expected \(expected)",
                sourceLocation: sourceLocation
            )
        }
    }

    @Test("random bit patterns have the digits of the standard library")
    func randomBitPatterns() {
        var generator = SeededRandom(seed: 1)
        for _ in 0..<100_000 {
            let value = Double(bitPattern: generator.next())
            if value.isFinite, value != 0 { check(value) }
        }
    }

    @Test("short decimals are converted to the digits they were written with")
    func shortDecimals() {
        var generator = SeededRandom(seed: 2)
        for _ in 0..<50_000 {
            let cents = Double(Int.random(in: 1...10_000_000_000, using: &generator))
            check(cents / 100)
            check(cents * 1e-9)
        }
    }

    @Test("powers of two, where the boundaries of rounding are not symmetric, and their neighbours")
    func powersOfTwo() {
        for exponent in -1074...1023 {
            let value = Double(sign: .plus, exponent: exponent, significand: 1)
            check(value)
            check(value.nextDown == 0 ? value : value.nextDown)
            check(value.nextUp)
        }
    }

    @Test("powers of ten and their neighbours")
    func powersOfTen() throws {
        for exponent in -323...308 {
            let value = try #require(Double("1e\(exponent)"))
            check(value)
            check(value.nextUp)
            check(value.nextDown)
        }
    }

    @Test("zero has the digit 0")
    func zero() {
        #expect(ShortestDecimal(magnitudeOf: -0.0).digits == 0)
        #expect(ShortestDecimal(magnitudeOf: 0).exponent == 0)
    }
}
