/// The ASCII digits of an unsigned integer, on the stack.
struct DecimalDigits {
    /// Number of digits, at least 1.
    let count: Int

    /// 24 digits with leading zeros, eight to a word, the first one in its lowest byte.
    private let words: InlineArray<3, UInt64>

    init(_ number: UInt64) {
        let eight: UInt64 = 100_000_000
        let (upper, low) = number.quotientAndRemainder(dividingBy: eight)
        let (high, middle) = upper.quotientAndRemainder(dividingBy: eight)
        words = [Self.ascii(high), Self.ascii(middle), Self.ascii(low)]
        // The first byte that is not a zero tells how many digits a word has.
        if high > 0 {
            count = 24 - Self.leadingZeros(words[0])
        } else if middle > 0 {
            count = 16 - Self.leadingZeros(words[1])
        } else {
            count = max(1, 8 - Self.leadingZeros(words[2]))
        }
    }

    /// Appends the digits at these positions, counted from the most significant one.
    @inline(__always)
    func append(_ positions: Range<Int>, to output: inout OutputSpan<UInt8>) {
        precondition(positions.upperBound <= count)
        let start = 24 - count + positions.lowerBound
        withUnsafeBytes(of: words) { digits in
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[start..<start + positions.count]))
        }
    }

    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    @inline(__always)
    private static func leadingZeros(_ word: UInt64) -> Int {
        (UInt64(littleEndian: word) ^ zeros).trailingZeroBitCount / 8
    }

    /// The eight digits of a number below 10^8: it is halved into lanes of four, two and one digits, all lanes of one
    /// step divided by one multiplication.
    @inline(__always)
    private static func ascii(_ number: UInt64) -> UInt64 {
        let fours = number / 10_000 | (number % 10_000) << 32
        let hundreds = (fours &* 10_486) >> 20 & 0x7F_0000_007F
        let twos = hundreds | (fours &- hundreds &* 100) << 16
        let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
        return ((tens | (twos &- tens &* 10) << 8) | zeros).littleEndian
    }
}
