public import MarketData

/// A gap on disk, with the times between which its trades happened.
public struct StoredIDGap: Hashable, Sendable {
    /// The missing ids.
    public var gap: IDGap
    /// The time of the last stored trade below the gap; nil when there is none.
    public var precedingTime: Timestamp?
    /// The time of the first stored trade above the gap; nil when there is none.
    public var followingTime: Timestamp?

    /// A stored gap from its parts.
    public init(gap: IDGap, precedingTime: Timestamp?, followingTime: Timestamp?) {
        self.gap = gap
        self.precedingTime = precedingTime
        self.followingTime = followingTime
    }
}
