/// The end of a connection.
struct Disconnect: Sendable {
    var reason: DisconnectReason
    /// For the log.
    var detail: String
    /// From the first trade to the last.
    var flow = Duration.zero
}
