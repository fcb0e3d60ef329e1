import MarketData

/// The time by which old data of a feed is removed: the feed's clock, unless it has jumped ahead of both the monotonic
/// clock and the wall clock. A venue that sends times of next year for a minute must not empty the store.
struct RetentionClock: Sendable {
    /// How far a feed's clock may be ahead of this machine's, in microseconds.
    static let tolerance: Int64 = 86_400_000_000

    private var last: (time: Timestamp, instant: ContinuousClock.Instant)?

    /// The time for retention. The first time of the feed is used without a check, because the wall clock may be wrong
    /// from the start.
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
