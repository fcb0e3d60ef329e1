public import MarketData

/// A hole on disk, with the times between which its trades happened.
public struct StoredHole: Hashable, Sendable {
    /// The missing ids.
    public var hole: Hole
    /// The time of the last stored trade below the hole; nil when there is none.
    public var precedingTime: Timestamp?
    /// The time of the first stored trade above the hole; nil when there is none.
    public var followingTime: Timestamp?

    /// A stored hole from its parts.
    public init(hole: Hole, precedingTime: Timestamp?, followingTime: Timestamp?) {
        self.hole = hole
        self.precedingTime = precedingTime
        self.followingTime = followingTime
    }
}
