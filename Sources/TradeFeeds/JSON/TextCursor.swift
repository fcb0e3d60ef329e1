import MarketData

/// A position in a text of one expected form. It compares and reads eight bytes at a time; on any other form it returns
/// nil or false, and the full decoder must read the text.
///
/// The text is passed to each call, as with ``JSONCursor``. The index only grows, and each load is checked against the
/// end.
struct TextCursor {
    private(set) var index = 0

    /// Skips a text if it is next.
    @inline(__always)
    mutating func skip(_ text: ShortText, in bytes: RawSpan) -> Bool {
        guard word(in: bytes) & text.mask == text.word else { return false }
        index &+= text.count
        return true
    }

    /// Reads the rest of a string of printable ASCII without escapes, up to its closing quote; nil for any other.
    @inline(__always)
    mutating func plainText(in bytes: RawSpan) -> Range<Int>? {
        let start = index
        while index < bytes.byteCount {
            let word = word(in: bytes)
            // The lowest set bit of each term marks the first matching byte (Mycroft 1987).
            let special =
                Self.zeros(word ^ Self.each("\"")) | Self.zeros(word ^ Self.each("\\"))
                | ((word &- Self.each(" ")) & ~word | word) & Self.each(0x80)
            if special != 0 {
                index &+= special.trailingZeroBitCount / 8
                return byte(in: bytes) == UInt8(ascii: "\"") ? start..<index : nil
            }
            index &+= 8
        }
        return nil
    }

    /// Reads a whole number of at most 16 digits, nil for any other.
    @inline(__always)
    mutating func wholeNumber(in bytes: RawSpan) -> Int64? {
        let start = index
        var number: Int64 = 0
        // Branches find the end of the number, because the processor predicts them; computing the end without branches
        // would delay all following instructions.
        let word = word(in: bytes)
        if Self.areDigits(word) {
            number = Self.number(ofDigits: word)
            index &+= 8
        }
        readDigits(in: bytes, after: &number)
        return isUsual(from: start, in: bytes) && index &- start <= 16 ? number : nil
    }

    /// Reads a decimal of at most 16 digits with or without a point, nil for any other.
    @inline(__always)
    mutating func decimal(in bytes: RawSpan) -> FixedDecimal? {
        let start = index
        var mantissa: Int64 = 0
        readDigits(in: bytes, after: &mantissa)
        guard isUsual(from: start, in: bytes) else { return nil }
        let point = index
        if byte(in: bytes) == UInt8(ascii: ".") {
            index &+= 1
            readDigits(in: bytes, after: &mantissa)
            guard index &- point > 1 else { return nil }
        }
        guard index &- start <= 17 else { return nil }
        return FixedDecimal(mantissa: mantissa, scale: max(0, index &- point &- 1))
    }

    @inline(__always)
    private mutating func readDigits(in bytes: RawSpan, after number: inout Int64) {
        while true {
            let digit = byte(in: bytes) &- UInt8(ascii: "0")
            guard digit <= 9 else { return }
            number = number &* 10 &+ Int64(digit)
            index &+= 1
        }
    }

    /// Whether there are digits from `start` on, without a redundant leading zero.
    @inline(__always)
    private func isUsual(from start: Int, in bytes: RawSpan) -> Bool {
        index &- start == 1
            || index > start && bytes.unsafeLoad(fromByteOffset: start, as: UInt8.self) != UInt8(ascii: "0")
    }

    @inline(__always)
    private func byte(in bytes: RawSpan) -> UInt8 {
        index < bytes.byteCount ? bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) : 0
    }

    /// The next eight bytes, the first in the lowest bits; bytes beyond the end are zero.
    @inline(__always)
    private func word(in bytes: RawSpan) -> UInt64 {
        let missing = index &+ 8 &- bytes.byteCount
        if missing <= 0 {
            return UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
        }
        guard missing < 8, bytes.byteCount >= 8 else { return 0 }
        let end = bytes.unsafeLoadUnaligned(fromByteOffset: bytes.byteCount &- 8, as: UInt64.self)
        return UInt64(littleEndian: end) &>> UInt64(8 &* missing)
    }

    @inline(__always)
    private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    @inline(__always)
    private static func each(_ character: Unicode.Scalar) -> UInt64 { each(UInt8(ascii: character)) }

    /// Sets the highest bit of each zero byte, and possibly of bytes above the first one.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- each(1)) & ~word & each(0x80)
    }

    @inline(__always)
    private static func areDigits(_ word: UInt64) -> Bool {
        word & each(0xF0) | ((word &+ each(6)) & each(0xF0)) >> 4 == each(0x33)
    }

    /// The value of eight digits (Langdale and Lemire 2019, section 3.4).
    @inline(__always)
    private static func number(ofDigits word: UInt64) -> Int64 {
        let digits = word &- each("0")
        let pairs = digits &* 10 &+ digits >> 8
        let low = (pairs & 0x0000_00FF_0000_00FF) &* (100 + 1_000_000 << 32)
        let high = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* (1 + 10_000 << 32)
        return Int64(truncatingIfNeeded: (low &+ high) >> 32)
    }
}
