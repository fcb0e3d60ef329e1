import ArgumentParser
import Foundation
import MarketData

extension Timestamp {
    /// Reads the value of an option: a date, a time, or Unix seconds.
    @Sendable static func argument(_ text: String) throws -> Timestamp {
        if let seconds = Double(text), seconds.isFinite, abs(seconds) < 4e9 {
            return Timestamp(microseconds: Int64((seconds * 1e6).rounded()))
        }
        let full = text.contains("T") ? text : text + "T00:00:00Z"
        for options: ISO8601DateFormatter.Options in [[], .withFractionalSeconds] {
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions.formUnion(options)
            if let date = formatter.date(from: full) {
                return Timestamp(microseconds: Int64((date.timeIntervalSince1970 * 1e6).rounded()))
            }
        }
        throw ValidationError("write a date, a time such as 2024-08-09T00:00:00Z, or Unix seconds")
    }
}
