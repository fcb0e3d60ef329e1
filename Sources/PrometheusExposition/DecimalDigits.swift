/// The ASCII digits of an unsigned integer, on the stack.
struct DecimalDigits {
    /// Number of digits, at least 1.
    let count: Int

    private let ascii: InlineArray<20, UInt8>

    init(_ number: UInt64) {
        var ascii = InlineArray<20, UInt8>(repeating: 0)
        var rest = number
        var start = ascii.count
        // Two digits per division of the whole number.
        while rest >= 100 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            start -= 2
            let (tens, ones) = UInt32(truncatingIfNeeded: pair).quotientAndRemainder(dividingBy: 10)
            ascii[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: tens)
            ascii[start + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: ones)
            rest = quotient
        }
        if rest >= 10 {
            start -= 1
            ascii[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        start -= 1
        ascii[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
        self.ascii = ascii
        count = ascii.count - start
    }

    /// Appends the digits at these positions, counted from the most significant one.
    func append(_ positions: Range<Int>, to output: inout OutputSpan<UInt8>) {
        let start = ascii.count - count
        for position in positions {
            output.append(ascii[start + position])
        }
    }
}
