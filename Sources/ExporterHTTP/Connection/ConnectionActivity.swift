/// The state of a connection.
enum ConnectionActivity: Sendable, Hashable {
    /// Nothing: no request has begun.
    case idle
    /// A request arrives.
    case reading
    /// The program computes a response.
    case answering
    /// A response is sent.
    case writing
}
