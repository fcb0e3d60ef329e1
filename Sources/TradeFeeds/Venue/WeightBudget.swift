/// What a venue's REST interface allows within a minute, spent in the order of asking.
struct WeightBudget: Sendable {
    private static let minute = Duration.seconds(60)
    /// How many times the limit others of the same address may have used.
    private static let greatestExcess = 100

    private let limit: Int
    private let interval: Duration
    private var spent: [(instant: ContinuousClock.Instant, weight: Int)] = []

    init(weightPerMinute: Int, interval: Duration = .zero) {
        limit = max(1, weightPerMinute)
        self.interval = interval
    }

    /// Books a request and returns the earliest instant, not before `instant`, at which it may be sent.
    mutating func reserve(_ weight: Int, notBefore instant: ContinuousClock.Instant) -> ContinuousClock.Instant {
        var start = max(instant, spent.last.map { $0.instant + interval } ?? instant)
        forget(before: start)
        var used = spent.reduce(0) { $0 + $1.weight }
        while used + weight > limit, let oldest = spent.first {
            start = max(start, oldest.instant + Self.minute)
            used -= oldest.weight
            spent.removeFirst()
        }
        spent.append((start, weight))
        return start
    }

    /// Hears what the venue says has been used within this minute, by others of the same address too.
    mutating func hear(used: Int, at instant: ContinuousClock.Instant) {
        forget(before: instant)
        let own = spent.reduce(0) { $0 + $1.weight }
        // Far more than the limit is no count.
        if used > own, used / Self.greatestExcess <= limit {
            spent.insert((instant, used - own), at: spent.firstIndex { $0.instant > instant } ?? spent.count)
        }
    }

    private mutating func forget(before instant: ContinuousClock.Instant) {
        spent.removeAll { $0.instant + Self.minute <= instant }
    }
}
