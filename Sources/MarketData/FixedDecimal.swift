/// A price or quantity exactly as the venue wrote it: an integer and the number of its decimals.
///
/// `61800.30` is 6180030 with scale 2, so that the same text can be written again, trailing zeros included. Where the
/// digits of a text do not fit but those of its value do, the trailing zeros are counted: `55000.100000000000000000` is
/// 550001 with scale 1 and 17 further zeros.
///
/// Decimals are equal when their texts are: `1.50` and `1.500` are different decimals of one ``doubleValue``.
public struct FixedDecimal: Hashable, Sendable, CustomStringConvertible {
    /// The digits without the point and without the further zeros.
    public let mantissa: Int64
    /// How many of the digits follow the point, 0 to 18.
    public let scale: UInt8
    /// How many zeros the text has after these digits; 0 where they fit into the digits.
    public let furtherZeros: UInt8

    /// The number of decimals that always fit beside a non-zero mantissa of 63 bits.
    public static let maximumScale = 18

    /// A decimal from its parts; `scale` is clamped to 0 to 18, `furtherZeros` to 0 to 255.
    @inlinable
    public init(mantissa: Int64, scale: Int, furtherZeros: Int = 0) {
        self.mantissa = mantissa
        self.scale = UInt8(clamping: min(scale, Self.maximumScale))
        self.furtherZeros = UInt8(clamping: furtherZeros)
    }

    /// Reads ASCII such as `0.00012300` or `-5`: digits, optionally a point with digits on both sides.
    ///
    /// Forms whose exact text could not be written again (`+1`, `.5`, `5.`, `007`, `1e5`, `NaN`) are refused. A number
    /// overflows when it has more than 18 decimals or its digits exceed 63 bits, both without the trailing zeros after
    /// the point, or when it has more than 255 of these zeros.
    /// - Throws: ``DecimalError``.
    @inlinable
    public init(ascii bytes: RawSpan) throws(DecimalError) {
        var index = 0
        let count = bytes.byteCount
        var negative = false
        if count > 0, bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self) == UInt8(ascii: "-") {
            negative = true
            index = 1
        }
        let firstDigit = index
        var mantissa: Int64 = 0
        var pointIndex = -1
        var overflow = false
        while index < count {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                let (scaled, tooLarge) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, carried) = scaled.addingReportingOverflow(Int64(digit))
                overflow = overflow || tooLarge || carried
                mantissa = sum
            } else if byte == UInt8(ascii: "."), pointIndex < 0, index > firstDigit {
                pointIndex = index
            } else {
                throw .malformed
            }
            index &+= 1
        }
        let integerEnd = pointIndex < 0 ? count : pointIndex
        let integerDigits = integerEnd - firstDigit
        guard integerDigits > 0, pointIndex != count - 1 else { throw .malformed }
        if integerDigits > 1, bytes.unsafeLoad(fromByteOffset: firstDigit, as: UInt8.self) == UInt8(ascii: "0") {
            throw .malformed
        }
        let scale = pointIndex < 0 ? 0 : count - pointIndex - 1
        if overflow || scale > Self.maximumScale {
            self = try Self.withFurtherZeros(bytes, point: pointIndex)
            return
        }
        if negative && mantissa == 0 { throw .malformed }
        self.init(mantissa: negative ? -mantissa : mantissa, scale: scale)
    }

    /// Reads a text with too many digits: the value is that of the text without its trailing zeros, which
    /// are counted.
    /// - Parameter point: the position of the point; below 0 where there is none.
    @usableFromInline
    @inline(never)
    static func withFurtherZeros(_ bytes: RawSpan, point: Int) throws(DecimalError) -> FixedDecimal {
        var end = bytes.byteCount
        guard point > 0 else { throw .overflow }
        while bytes.unsafeLoad(fromByteOffset: end - 1, as: UInt8.self) == UInt8(ascii: "0") { end -= 1 }
        let zeros = bytes.byteCount - end
        guard zeros > 0, zeros <= UInt8.max else { throw .overflow }
        let value = try FixedDecimal(ascii: bytes.extracting(0..<(end - 1 == point ? point : end)))
        return FixedDecimal(mantissa: value.mantissa, scale: Int(value.scale), furtherZeros: zeros)
    }

    /// Reads a text; see ``init(ascii:)``.
    /// - Throws: ``DecimalError``.
    public init(_ text: String) throws(DecimalError) {
        let bytes = Array(text.utf8)
        try self.init(ascii: bytes.span.bytes)
    }

    /// The nearest double: one correctly rounded division while the digits fit 53 bits, the text's value beyond.
    @inlinable
    public var doubleValue: Double {
        if mantissa.magnitude <= 1 << 53 {
            return Double(mantissa) / Self.powersOfTen[Int(scale)]
        }
        return Double(valueText) ?? .nan
    }

    /// The text the venue wrote.
    public var description: String {
        guard furtherZeros > 0 else { return valueText }
        return valueText + (scale > 0 ? "" : ".") + String(repeating: "0", count: Int(furtherZeros))
    }

    /// The text without the further zeros.
    @usableFromInline
    var valueText: String {
        let digits = String(mantissa.magnitude)
        let sign = mantissa < 0 ? "-" : ""
        let scale = Int(self.scale)
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    @usableFromInline
    static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    ]
}
