/// A moment in event time: integer microseconds since the Unix epoch, UTC.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    /// Moments that a trade, a bar or a clock can have: the years 1800 to 2200, which leaves room for arithmetic with
    /// times.
    package static let valid =
        Timestamp(microseconds: -5_364_662_400_000_000)...Timestamp(microseconds: 7_258_118_400_000_000)

    /// A moment from microseconds since the epoch.
    @inlinable
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// A moment from milliseconds since the epoch, or nil when it does not fit.
    @inlinable
    public init?(milliseconds: Int64) {
        let (microseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        if overflow { return nil }
        self.microseconds = microseconds
    }

    /// Seconds since the epoch, as metrics state it.
    public var seconds: Double { Double(microseconds) / 1e6 }

    /// Orders by time.
    @inlinable
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.microseconds < rhs.microseconds
    }

    /// The moment a number of microseconds later; at most the end of time.
    @inlinable
    public static func + (lhs: Timestamp, microseconds: Int64) -> Timestamp {
        let (sum, overflow) = lhs.microseconds.addingReportingOverflow(microseconds)
        return Timestamp(microseconds: overflow ? (microseconds < 0 ? .min : .max) : sum)
    }

    /// The moment a number of microseconds earlier; at most the end of time.
    @inlinable
    public static func - (lhs: Timestamp, microseconds: Int64) -> Timestamp {
        let (difference, overflow) = lhs.microseconds.subtractingReportingOverflow(microseconds)
        return Timestamp(microseconds: overflow ? (microseconds < 0 ? .max : .min) : difference)
    }

    /// Microseconds from the right moment to the left one.
    @inlinable
    public static func - (lhs: Timestamp, rhs: Timestamp) -> Int64 {
        let (difference, overflow) = lhs.microseconds.subtractingReportingOverflow(rhs.microseconds)
        return overflow ? (lhs > rhs ? .max : .min) : difference
    }

    /// Microseconds since the epoch, in figures.
    public var description: String { "\(microseconds)us" }
}
