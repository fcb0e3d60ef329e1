import MarketData

/// The time by which old data of a feed is removed: the feed's clock, unless it has leaped ahead of both the monotonic
/// clock and the wall clock. A venue that states times of next year for a minute must not empty the store.
struct RetentionClock: Sendable {
    /// What a feed's clock may be ahead of this machine's.
    static let tolerance: Int64 = 86_400_000_000

    private var last: (time: Timestamp, instant: ContinuousClock.Instant)?

    /// The time to go by. The first time of the feed is taken as it is, since the wall clock may be wrong from the start.
    mutating func time(feed: Timestamp, wallClock: Timestamp, at instant: ContinuousClock.Instant) -> Timestamp {
        guard let (time, start) = last else {
            last = (feed, instant)
            return feed
        }
        let (seconds, attoseconds) = start.duration(to: instant).components
        let own = max(time + (seconds * 1_000_000 + attoseconds / 1_000_000_000_000), wallClock)
        last = (min(feed, own), instant)
        return min(feed, own + Self.tolerance)
    }
}
