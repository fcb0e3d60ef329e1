/// What happens on a connection.
enum ConnectionActivity: Sendable, Hashable {
    /// Nothing: no request has begun.
    case idle
    /// A request arrives.
    case reading
    /// The program works on an answer.
    case answering
    /// An answer leaves.
    case writing
}
