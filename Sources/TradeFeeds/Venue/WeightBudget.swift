/// The weight that a venue's REST interface allows per minute, reserved in the order of requests.
struct WeightBudget: Sendable {
    private static let minute = Duration.seconds(60)
    /// The greatest plausible use by all clients of the same IP address, as a multiple of the limit.
    private static let greatestExcess = 100

    private let limit: Int
    private let interval: Duration
    private var spent: [(instant: ContinuousClock.Instant, weight: Int)] = []

    init(weightPerMinute: Int, interval: Duration = .zero) {
        limit = max(1, weightPerMinute)
        self.interval = interval
    }

    /// Reserves the weight of a request and returns the earliest instant, not before `instant`, at which it may be
    /// sent.
    mutating func reserve(_ weight: Int, notBefore instant: ContinuousClock.Instant) -> ContinuousClock.Instant {
        var start = max(instant, spent.last.map { $0.instant + interval } ?? instant)
        removeEntries(before: start)
        var used = spent.reduce(0) { $0 + $1.weight }
        while used + weight > limit, let oldest = spent.first {
            start = max(start, oldest.instant + Self.minute)
            used -= oldest.weight
            spent.removeFirst()
        }
        spent.append((start, weight))
        return start
    }

    /// Records the weight used within this minute as the venue reports it, which includes other clients of the same
    /// address.
    mutating func record(usedWeight used: Int, at instant: ContinuousClock.Instant) {
        removeEntries(before: instant)
        let own = spent.reduce(0) { $0 + $1.weight }
        // A value far above the limit is not plausible.
        if used > own, used / Self.greatestExcess <= limit {
            spent.insert((instant, used - own), at: spent.firstIndex { $0.instant > instant } ?? spent.count)
        }
    }

    private mutating func removeEntries(before instant: ContinuousClock.Instant) {
        spent.removeAll { $0.instant + Self.minute <= instant }
    }
}
