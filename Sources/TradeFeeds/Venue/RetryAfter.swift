/// The wait that a refusal requests (RFC 9110 section 10.2.3; Binance: 429 is a warning, 418 a ban).
enum RetryAfter {
    private static let longest = Duration.seconds(3 * 86_400)

    /// The requested wait; nil where neither the status nor the header requests one.
    static func requestedWait(status: Int, header: String?) -> Duration? {
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
