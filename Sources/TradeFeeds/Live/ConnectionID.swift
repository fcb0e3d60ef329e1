/// One connection of a feed: the part of the streams that it carries, and the number of earlier connections of that
/// part.
struct ConnectionID: Hashable, Sendable {
    var part: Int
    var generation: Int

    /// The part of connections for trials of streams that the venue may refuse; they deliver no trades.
    static let trial = -1

    var isTrial: Bool { part == Self.trial }
}
