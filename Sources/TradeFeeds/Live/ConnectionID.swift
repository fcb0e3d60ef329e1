/// One connection of a feed: the part of the streams that it carries, and how many of that part came before it.
struct ConnectionID: Hashable, Sendable {
    var part: Int
    var generation: Int
}
