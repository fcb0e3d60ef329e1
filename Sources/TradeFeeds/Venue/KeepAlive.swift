/// A text message that a venue requires at intervals.
struct KeepAlive: Sendable {
    var text: String
    var interval: Duration
}
