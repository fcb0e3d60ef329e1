/// How long a refusal asks to be left alone (RFC 9110 section 10.2.3; Binance: 429 is a warning, 418 a ban).
enum RetryAfter {
    private static let longest = Duration.seconds(3 * 86_400)

    /// Nil for a status that asks for no patience and a header that says nothing.
    static func patience(status: Int, header: String?) -> Duration? {
        if let header, let seconds = Int64(header.trimmingPrefix { $0 == " " }), seconds >= 0 {
            return min(.seconds(seconds), longest)
        }
        switch status {
        case 429: return .seconds(60)
        case 418: return .seconds(120)
        default: return nil
        }
    }
}
