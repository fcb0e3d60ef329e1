/// A price or quantity exactly as the venue wrote it: an integer and the number of its decimals.
///
/// `61800.30` is 6180030 with scale 2, so the text comes back to the letter, trailing zeros included.
public struct FixedDecimal: Hashable, Sendable, CustomStringConvertible {
    /// The digits without the point.
    public let mantissa: Int64
    /// How many of the digits follow the point, 0 to 18.
    public let scale: UInt8

    /// The number of decimals that always fit beside a non-zero mantissa of 63 bits.
    public static let maximumScale = 18

    /// A decimal from its parts; `scale` is clamped to 18.
    @inlinable
    public init(mantissa: Int64, scale: Int) {
        self.mantissa = mantissa
        self.scale = UInt8(clamping: min(scale, Self.maximumScale))
    }

    /// Reads ASCII such as `0.00012300` or `-5`: digits, optionally a point with digits on both sides.
    ///
    /// Forms that could not be written back to the letter (`+1`, `.5`, `5.`, `007`, `1e5`, `NaN`) are refused.
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
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
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
        if overflow || scale > Self.maximumScale { throw .overflow }
        if negative && mantissa == 0 { throw .malformed }
        self.init(mantissa: negative ? -mantissa : mantissa, scale: scale)
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
        return Double(description) ?? .nan
    }

    /// The text the venue wrote.
    public var description: String {
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
