import TestSupport
import Testing

@testable import MarketData

@Suite struct FixedDecimalTests {
    @Test(
        "A text is written again exactly",
        arguments: [
            "0", "0.0", "0.00000000", "1", "10", "-1", "-0.5", "61800.30", "0.006", "0.02000000", "1000000000000",
            "0.000000000000000001", "-0.000000000000000001", "9.223372036854775807", "9223372036854775807",
            "-9223372036854775807", "1.000000000000000000", "0.10", "12345678.87654321",
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try FixedDecimal(text).description == text)
    }

    @Test(
        "Forms that could not be written again exactly are malformed",
        arguments: [
            "", "-", ".", "+1", "+", ".5", "5.", "-.5", "-5.", "007", "00", "00.1", "-01", "-0", "-0.000", "1e5", "1E5",
            "0x10", "NaN", "nan", "Infinity", "inf", "1,000", "1.2.3", "1..2", "--1", "1-", " 1", "1 ", "1\n", "1\0",
            "１", "١", "1_000", "99999999999999999999x", "$1", "-0.0000000000000000000", "00.0000000000000000000",
            "1.0000000000000000000x", ".0000000000000000000",
        ]
    )
    func malformed(text: String) {
        #expect(throws: DecimalError.malformed) { try FixedDecimal(text) }
    }

    @Test(
        "Numbers beyond 63 bits or 18 decimals overflow",
        arguments: [
            "9223372036854775808", "-9223372036854775808", "18446744073709551616", "99999999999999999999999999999999",
            "0.0000000000000000001", "1.00000000000000000010", "-9223372036854775808.000", "9223372036854775808000",
            "92233720368.547758080", "0." + String(repeating: "0", count: 256),
            "12." + String(repeating: "0", count: 256),
        ]
    )
    func overflow(text: String) {
        #expect(throws: DecimalError.overflow) { try FixedDecimal(text) }
    }

    @Test(
        "Trailing zeros beyond the digits that fit are counted, and written again",
        arguments: [
            ("55000.100000000000000000", 550_001, 1, 17), ("-55000.100000000000000000", -550_001, 1, 17),
            ("10.000000000000000000", 10, 0, 18), ("1.0000000000000000000", 1, 0, 19),
            ("92233720368.547758070", 9_223_372_036_854_775_807, 8, 1),
            ("9223372036854775807.0", 9_223_372_036_854_775_807, 0, 1), ("0.0000000000000000000", 0, 0, 19),
            ("0.0000000000000000010", 1, 18, 1), ("100." + String(repeating: "0", count: 255), 100, 0, 255),
            ("7.000000000000000000", 7_000_000_000_000_000_000, 18, 0),
        ]
    )
    func furtherZeros(text: String, mantissa: Int64, scale: Int, zeros: Int) throws {
        let decimal = try FixedDecimal(text)
        #expect(decimal == FixedDecimal(mantissa: mantissa, scale: scale, furtherZeros: zeros))
        #expect(decimal.description == text)
        #expect(decimal.doubleValue == Double(text))
        var sum = DecimalSum(decimal)
        sum.add(FixedDecimal(mantissa: 0, scale: 18))
        #expect(sum.doubleValue == Double(text))
    }

    @Test("The zeros cost no memory")
    func memory() {
        #expect(MemoryLayout<FixedDecimal>.stride == 16)
        #expect(MemoryLayout<Trade>.stride == 56)
    }

    @Test("The double is the one nearest to the text")
    func doubleValue() throws {
        var generator = SeededRandom(seed: 1)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 1...18, using: &generator)
            let scale = Int.random(in: 0...18, using: &generator)
            let bound = (0..<digits).reduce(Int64(1)) { power, _ in power * 10 }
            let decimal = FixedDecimal(mantissa: .random(in: -bound...bound, using: &generator), scale: scale)
            #expect(decimal.doubleValue == Double(decimal.description))
        }
    }

    @Test("The smallest mantissa is written and valued, though no text of it is read")
    func smallestMantissa() {
        let decimal = FixedDecimal(mantissa: .min, scale: 18)
        #expect(decimal.description == "-9.223372036854775808")
        #expect(decimal.doubleValue == -9.223372036854775808)
    }

    @Test("Texts of one number with different trailing zeros are not equal")
    func trailingZeros() throws {
        #expect(try FixedDecimal("10.000000000000000000") != FixedDecimal("10.0000000000000000000"))
        #expect(try FixedDecimal("1.0") != FixedDecimal("1.00"))
        #expect(try FixedDecimal("1.0").doubleValue == FixedDecimal("1.00").doubleValue)
    }

    @Test("A scale outside 0 to 18 is clamped", arguments: [(-3, 0), (0, 0), (18, 18), (19, 18), (4000, 18)])
    func scale(given: Int, kept: UInt8) {
        #expect(FixedDecimal(mantissa: 1, scale: given).scale == kept)
    }

    @Test("Random digits are written again exactly")
    func randomRoundTrip() throws {
        var generator = SeededRandom(seed: 2)
        for _ in 0..<20_000 {
            let integer = Int64.random(in: 0...999_999_999, using: &generator)
            let scale = Int.random(in: 0...9, using: &generator)
            let zeros = Int.random(in: 0...30, using: &generator)
            var text = String(integer)
            if scale > 0 {
                text += "."
                for _ in 0..<scale { text += String(Int.random(in: 0...9, using: &generator)) }
                text += String(repeating: "0", count: zeros)
            }
            if Bool.random(using: &generator), text.contains(where: { "123456789".contains($0) }) { text = "-" + text }
            #expect(try FixedDecimal(text).description == text)
        }
    }
}
