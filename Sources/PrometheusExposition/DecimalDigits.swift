/// The ASCII digits of an unsigned integer, in registers.
struct DecimalDigits {
    /// The greatest number of bytes that ``store(at:)`` writes.
    static let capacity = 24

    /// Number of digits, at least 1.
    let count: Int

    /// Eight digits per word, the first one in its lowest byte. The first word in use has leading zeros, and the words
    /// before it are 0.
    private let words: (first: UInt64, second: UInt64, third: UInt64)

    @inline(__always)
    init(_ number: UInt64) {
        let eight: UInt64 = 100_000_000
        guard number >= eight else {
            words = (0, 0, Self.ascii(number))
            count = max(1, 8 &- Self.leadingZeros(words.third))
            return
        }
        let (upper, third) = number.quotientAndRemainder(dividingBy: eight)
        guard upper >= eight else {
            words = (0, Self.ascii(upper), Self.ascii(third))
            count = 16 &- Self.leadingZeros(words.second)
            return
        }
        let (first, second) = upper.quotientAndRemainder(dividingBy: eight)
        words = (Self.ascii(first), Self.ascii(second), Self.ascii(third))
        count = 24 &- Self.leadingZeros(words.first)
    }

    /// Writes the digits as complete words; the bytes after the last digit have no meaning.
    /// - Parameter target: memory with room for ``capacity`` bytes.
    @inline(__always)
    func store(at target: UnsafeMutableRawPointer) {
        if count <= 8 {
            Self.store(words.third, leadingZeros: 8 &- count, at: target)
        } else if count <= 16 {
            Self.store(words.second, leadingZeros: 16 &- count, at: target)
            Self.store(words.third, at: target + (count &- 8))
        } else {
            Self.store(words.first, leadingZeros: 24 &- count, at: target)
            Self.store(words.second, at: target + (count &- 16))
            Self.store(words.third, at: target + (count &- 8))
        }
    }

    @inline(__always)
    private static func store(_ word: UInt64, leadingZeros: Int = 0, at target: UnsafeMutableRawPointer) {
        target.storeBytes(of: (word &>> UInt64(truncatingIfNeeded: 8 &* leadingZeros)).littleEndian, as: UInt64.self)
    }

    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    @inline(__always)
    private static func leadingZeros(_ word: UInt64) -> Int {
        (word ^ zeros).trailingZeroBitCount / 8
    }

    /// The eight digits of a number below 10^8: it is split into lanes of four, two and one digits; one multiplication
    /// divides all lanes of a step.
    @inline(__always)
    private static func ascii(_ number: UInt64) -> UInt64 {
        let fours = number / 10_000 | (number % 10_000) << 32
        let hundreds = (fours &* 10_486) >> 20 & 0x7F_0000_007F
        let twos = hundreds | (fours &- hundreds &* 100) << 16
        let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
        return (tens | (twos &- tens &* 10) << 8) | zeros
    }
}
