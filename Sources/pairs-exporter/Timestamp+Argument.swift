import ArgumentParser
import MarketData
import TradeFiles

extension Timestamp {
    /// Reads the value of an option: a date, a time, or seconds since 1970.
    @Sendable static func argument(_ text: String) throws -> Timestamp {
        let bytes = Array(text.utf8)
        let (span, range) = (bytes.span.bytes, 0..<bytes.count)
        if let time = TimeText.time(span, range) ?? TimeText.date(span, range) { return time }
        if let seconds = Double(text), seconds.isFinite, abs(seconds) < 4e9 {
            return Timestamp(microseconds: Int64((seconds * 1e6).rounded()))
        }
        throw ValidationError("write a date, a time such as 2024-08-09T00:00:00Z, or Unix seconds")
    }
}
