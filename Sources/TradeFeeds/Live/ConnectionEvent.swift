/// What happens to a connection, or to the part of a feed's streams that it carries.
enum ConnectionEvent: Sendable {
    /// The attempt to connect that was booked may be made.
    case attemptDue(generation: Int)
    /// The handshake succeeded.
    case opened(generation: Int)
    /// The first trade came.
    case flowing(generation: Int)
    /// A connection should give way to another one that flows.
    case replace(generation: Int, DisconnectReason)
    /// The next connection has carried all streams for long enough.
    case overlapped(generation: Int)
    case ended(generation: Int, Disconnect)
    /// The venue refuses streams.
    case refused(generation: Int, SubscriptionRefusal)
    /// A refusal has changed which streams are followed.
    case settled(generation: Int, SubscriptionRefusal)
    /// The venue has acknowledged every stream that it was asked for.
    case accepted(generation: Int)
    /// Other streams are to be followed than before.
    case streamsChanged
    /// The part has no stream left.
    case retired
    /// The venue has had enough time to answer a trial.
    case answerOverdue(request: Int)
}
