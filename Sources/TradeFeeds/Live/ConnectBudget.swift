/// The most attempts to connect in any minute, shared by all connections of a feed.
struct ConnectBudget: Sendable {
    private let perMinute: Int
    private var recent: [ContinuousClock.Instant] = []

    init(perMinute: Int) {
        self.perMinute = max(1, perMinute)
    }

    /// Reserves the earliest attempt not before `instant` that the budget allows, and returns its time.
    mutating func reserve(notBefore instant: ContinuousClock.Instant) -> ContinuousClock.Instant {
        recent.sort()
        var attempt = instant
        if recent.count >= perMinute {
            attempt = max(attempt, recent[recent.count - perMinute] + .seconds(60))
        }
        recent.append(attempt)
        if recent.count > perMinute { recent.removeFirst(recent.count - perMinute) }
        return attempt
    }
}
