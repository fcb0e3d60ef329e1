/// What happens to the connections of one part of a feed.
enum KeeperEvent: Sendable {
    /// The first trade came.
    case flowing(generation: Int)
    /// A connection should give way to another one that flows.
    case replace(generation: Int, DisconnectReason)
    /// The next connection has carried all streams for long enough.
    case takenOver(generation: Int)
    case ended(generation: Int, Disconnect)
}
