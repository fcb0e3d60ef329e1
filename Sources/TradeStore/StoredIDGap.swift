package import MarketData

/// A gap on disk, with the times between which its trades happened.
package struct StoredIDGap: Hashable, Sendable {
    /// The missing ids.
    package var gap: IDGap
    /// The time of the last stored trade below the gap; nil when there is none.
    package var precedingTime: Timestamp?
    /// The time of the first stored trade above the gap; nil when there is none.
    package var followingTime: Timestamp?

    /// A stored gap from its parts.
    package init(gap: IDGap, precedingTime: Timestamp?, followingTime: Timestamp?) {
        self.gap = gap
        self.precedingTime = precedingTime
        self.followingTime = followingTime
    }
}
