/// An event of a connection, or of the part of a feed's streams that it carries.
enum ConnectionEvent: Sendable {
    /// The reserved attempt to connect is due.
    case attemptDue(generation: Int)
    /// The handshake succeeded.
    case opened(generation: Int)
    /// The first trade arrived.
    case flowing(generation: Int)
    /// A connection should be replaced by another one, for the given reason.
    case replace(generation: Int, DisconnectReason)
    /// The next connection has delivered trades for the time of the overlap.
    case overlapped(generation: Int)
    case ended(generation: Int, Disconnect)
    /// The venue refuses streams.
    case refused(generation: Int, SubscriptionRefusal)
    /// A refusal has changed the set of followed streams.
    case settled(generation: Int, SubscriptionRefusal)
    /// The venue has acknowledged every requested stream.
    case accepted(generation: Int)
    /// The set of followed streams has changed.
    case streamsChanged
    /// The part has no stream left.
    case retired
    /// The time for an answer to a trial is over.
    case answerOverdue(request: Int)
}
