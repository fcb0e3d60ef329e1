import Foundation
import MarketData

extension Timestamp {
    /// The moment as ISO 8601 in UTC: the date alone at midnight, decimals where there are any.
    var dateText: String {
        let second: Int64 = 1_000_000
        var (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: second)
        if fraction < 0 { (seconds, fraction) = (seconds - 1, fraction + second) }
        let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        guard fraction == 0 else {
            let digits = String(String(fraction + second).dropFirst())
            let shown = fraction.isMultiple(of: 1000) ? digits.prefix(3) : digits[...]
            return text.replacing("Z", with: "." + shown + "Z")
        }
        return seconds.isMultiple(of: 86_400) ? String(text.prefix { $0 != "T" }) : text
    }
}
