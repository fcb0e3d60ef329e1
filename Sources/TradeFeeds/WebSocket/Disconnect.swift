/// The end of a connection.
struct Disconnect: Hashable, Sendable {
    var reason: DisconnectReason
    /// A description for the log.
    var detail: String
    /// The wait that the server requested before the next attempt, nil where it did not.
    var retryAfter: Duration?
    /// The HTTP status with which the server refused the handshake, nil otherwise.
    var status: Int?
    /// The server's text about the refusal, nil where there is none.
    var errorText: String?
    /// The time from the first trade to the last.
    var flow = Duration.zero
}
