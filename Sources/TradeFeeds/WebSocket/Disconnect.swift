/// The end of a connection.
struct Disconnect: Hashable, Sendable {
    var reason: DisconnectReason
    /// For the log.
    var detail: String
    /// How long the server asked to be left alone, nil where it did not.
    var retryAfter: Duration?
    /// The status of a server that refused the handshake.
    var status: Int?
    /// What it said, nil for nothing.
    var words: String?
    /// From the first trade to the last.
    var flow = Duration.zero
}
