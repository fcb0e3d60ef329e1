/// A text message that a venue wants to hear so often.
struct KeepAlive: Sendable {
    var text: String
    var interval: Duration
}
