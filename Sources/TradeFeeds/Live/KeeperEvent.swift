/// What happens to the connections of one part of a feed.
enum KeeperEvent: Sendable {
    /// The first trade came.
    case flowing(generation: Int)
    /// A connection should give way to another one that flows.
    case replace(generation: Int, DisconnectReason)
    /// The next connection has carried all streams for long enough.
    case takenOver(generation: Int)
    case ended(generation: Int, Disconnect)
    /// The handshake succeeded.
    case opened(generation: Int)
    /// The venue refuses streams.
    case refused(generation: Int, SubscriptionRefusal)
    /// The venue has acknowledged every stream that it was asked for.
    case accepted(generation: Int)
    /// There are streams to follow that were not followed before.
    case follow
    /// The venue has had enough time to answer a trial.
    case timeout(trial: Int)
}
