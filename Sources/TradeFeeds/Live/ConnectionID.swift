/// One connection of a feed: the part of the streams that it carries, and how many of that part came before it.
struct ConnectionID: Hashable, Sendable {
    var part: Int
    var generation: Int

    /// The part of connections on which streams are tried that the venue may refuse; no trades come from them.
    static let trial = -1

    var isTrial: Bool { part == Self.trial }
}
