package import MarketData
import TradeFeeds

/// Reads the times of tables: a number since 1970 whose magnitude shows its unit (seconds, milliseconds, microseconds
/// or nanoseconds, also with decimals), or ISO 8601.
///
/// The years 2005 to 2100 in one unit do not overlap those in another, so the unit is always certain.
package enum TimeText {
    /// The form of a valid time, for messages.
    package static let rule =
        "seconds, ms, µs or ns since 1970 between the years 2005 and 2100, or ISO 8601 such as 2024-08-08T00:00:00Z"

    /// From 2005-01-01 to before 2101-01-01, in seconds since the epoch.
    private static let seconds: Range<Int64> = 1_104_537_600..<4_133_980_800

    /// Reads a complete range; nil when it is not a time of the years 2005 to 2100.
    package static func time(_ bytes: RawSpan, _ range: Range<Int>) -> Timestamp? {
        var whole: Int64 = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let digit = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            let (scaled, tooLarge) = whole.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(Int64(digit))
            if tooLarge || carried { return nil }
            whole = sum
            index += 1
        }
        let isWhole = index == range.upperBound
        let hasDecimals = !isWhole && bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: ".")
        guard index - range.lowerBound >= leastDigits, isWhole || hasDecimals else {
            return date(bytes, range).flatMap { isInRange($0) ? $0 : nil }
        }
        guard let unit = unit(of: whole) else { return nil }
        let time = whole / unit.perSecond * 1_000_000 + microseconds(whole % unit.perSecond, unit.perSecond)
        if isWhole { return Timestamp(microseconds: time) }
        guard let fraction = fraction(bytes, (index + 1)..<range.upperBound, microsecondsPerUnit: unit.microseconds)
        else { return nil }
        return Timestamp(microseconds: time + fraction)
    }

    /// The number of digits of the seconds since 1970; a number with fewer digits is a date.
    private static let leastDigits = 10

    /// Reads a complete range as ISO 8601, of any year from 0 to 9999; nil for other text.
    package static func date(_ bytes: RawSpan, _ range: Range<Int>) -> Timestamp? {
        ISO8601(bytes, range).map { Timestamp(microseconds: $0.microseconds) }
    }

    private static func isInRange(_ time: Timestamp) -> Bool {
        time.microseconds >= seconds.lowerBound * 1_000_000 && time.microseconds < seconds.upperBound * 1_000_000
    }

    /// The unit in which a number is a time of the years 2005 to 2100: the number of units per second, and the
    /// microseconds per unit; nil for another number.
    private static func unit(of number: Int64) -> (perSecond: Int64, microseconds: Int64)? {
        units.first { seconds.contains(number / $0.perSecond) }
    }

    private static let units: [(perSecond: Int64, microseconds: Int64)] = [
        (1, 1_000_000), (1_000, 1_000), (1_000_000, 1), (1_000_000_000, 0),
    ]

    /// A part of a second, given in units, in microseconds.
    private static func microseconds(_ part: Int64, _ perSecond: Int64) -> Int64 {
        perSecond <= 1_000_000 ? part * (1_000_000 / perSecond) : part / (perSecond / 1_000_000)
    }

    /// The decimals of a unit in microseconds; nil when they are not digits.
    private static func fraction(_ bytes: RawSpan, _ range: Range<Int>, microsecondsPerUnit: Int64) -> Int64? {
        var weight = microsecondsPerUnit
        var microseconds: Int64 = 0
        for index in range {
            let digit = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            weight /= 10
            microseconds += Int64(digit) * weight
        }
        return microseconds
    }
}
