/// The length of a bar, written `1s`, `5m`, `1h` or `1d`.
public struct Timeframe: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The length in microseconds, above zero.
    public let microseconds: Int64
    // The parts of the label, so that a bar is plain data: copying a String costs more than a bar's arithmetic.
    private let count: Int32
    private let unit: Unicode.Scalar

    /// Reads a whole number followed by `s`, `m`, `h` or `d`, up to 7 days; nil for anything else.
    public init?(_ text: String) {
        let digits = Substring(text.utf8.dropLast())
        guard let unit = text.unicodeScalars.last, let count = Int32(digits), count > 0, digits.first != "+"
        else { return nil }
        let seconds: Int64
        switch unit {
        case "s": seconds = 1
        case "m": seconds = 60
        case "h": seconds = 3600
        case "d": seconds = 86_400
        default: return nil
        }
        let length = Int64(count) * seconds
        guard length <= 7 * 86_400 else { return nil }
        microseconds = length * 1_000_000
        (self.count, self.unit) = (count, unit)
    }

    private init(seconds: Int32) {
        microseconds = Int64(seconds) * 1_000_000
        (count, unit) = (seconds, "s")
    }

    /// One second.
    public static let second = Timeframe(seconds: 1)

    /// The length as written, the value of the label `timeframe`.
    public var label: String { "\(count)\(unit)" }

    /// The length in seconds.
    public var seconds: Double { Double(microseconds) / 1e6 }

    /// The number of the bar that holds this moment; bar k covers `[k·Δ, (k+1)·Δ)` since the epoch.
    public func slot(of time: Timestamp) -> Int64 {
        let (quotient, remainder) = time.microseconds.quotientAndRemainder(dividingBy: microseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Whether a moment lies in a bar, without the division that finds its slot.
    public func contains(_ time: Timestamp, slot: Int64) -> Bool {
        UInt64(bitPattern: time.microseconds &- slot &* microseconds) < UInt64(microseconds)
    }

    /// The first moment of a bar; at most the end of time.
    public func openTime(of slot: Int64) -> Timestamp {
        let (time, overflow) = slot.multipliedReportingOverflow(by: microseconds)
        return Timestamp(microseconds: overflow ? (slot < 0 ? .min : .max) : time)
    }

    /// The moment at which a bar ends, which belongs to the next one.
    public func closeTime(of slot: Int64) -> Timestamp {
        slot == .max ? Timestamp(microseconds: .max) : openTime(of: slot + 1)
    }

    /// Orders by length.
    public static func < (lhs: Timeframe, rhs: Timeframe) -> Bool {
        lhs.microseconds < rhs.microseconds
    }

    /// Two timeframes of one length are one, however written (`60s`, `1m`).
    public static func == (lhs: Timeframe, rhs: Timeframe) -> Bool {
        lhs.microseconds == rhs.microseconds
    }

    /// Hashes the length.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(microseconds)
    }

    /// The length as written.
    public var description: String { label }
}
