import MarketData

/// The streams of a feed that the venue refuses, and the times of their next trials; all other streams are followed.
///
/// After a refusal that names no stream, all streams that it may concern are suspects. They are halved and tried in
/// groups until the refused streams are isolated.
struct StreamRoster: Sendable {
    static let firstRetry = Duration.seconds(10)
    /// The longest time between trials of a stream that the venue named, which may be gone permanently.
    static let rarestRetry = Duration.seconds(900)
    /// The longest time between trials after a refusal without a name, which may have another cause and end at any
    /// time.
    static let rarestUnnamedRetry = Duration.seconds(60)
    /// A stream that was accepted for this time begins with ``firstRetry`` again.
    static let healthyTime = Duration.seconds(60)
    private static let largestTrial = 100

    private struct Past {
        var failures = 0
        var acceptedAt: ContinuousClock.Instant?
    }

    /// When each refused stream is tried again.
    private var refusals: [InstrumentID: ContinuousClock.Instant] = [:]
    private var pasts: [InstrumentID: Past] = [:]
    /// Groups waiting for their trial, the next one first.
    private var suspects: [[InstrumentID]] = []
    /// The group in the present trial.
    private var onTrial: Set<InstrumentID> = []

    /// Whether the feed's connections request a stream.
    func isFollowed(_ stream: InstrumentID) -> Bool {
        refusals[stream] == nil && !onTrial.contains(stream) && !suspects.contains { $0.contains(stream) }
    }

    /// Whether the venue has refused a stream and has not accepted it since then.
    func isRefused(_ stream: InstrumentID) -> Bool { refusals[stream] != nil }

    /// Records that the venue refuses streams.
    /// - Returns: the streams that were not refused before.
    mutating func refuse(_ streams: [InstrumentID], isNamed: Bool, at instant: ContinuousClock.Instant)
        -> [InstrumentID]
    {
        let fresh = streams.filter { refusals[$0] == nil }
        remove(streams)
        for stream in streams {
            var past = pasts[stream] ?? Past()
            if let acceptedAt = past.acceptedAt, instant - acceptedAt >= Self.healthyTime { past.failures = 0 }
            past.acceptedAt = nil
            let rarest = isNamed ? Self.rarestRetry : Self.rarestUnnamedRetry
            let retry = min(rarest, Self.firstRetry * (1 << min(past.failures, 10)))
            past.failures += 1
            pasts[stream] = past
            refusals[stream] = instant + retry
        }
        return fresh
    }

    /// Records that the venue refuses at least one of several streams.
    mutating func suspect(_ streams: [InstrumentID]) {
        remove(streams)
        let middle = streams.count / 2
        suspects.insert(
            contentsOf: [Array(streams[..<middle]), Array(streams[middle...])].filter { !$0.isEmpty },
            at: 0
        )
    }

    /// Records that the venue accepts streams.
    /// - Returns: the streams that were refused before.
    mutating func accept(_ streams: [InstrumentID], at instant: ContinuousClock.Instant) -> [InstrumentID] {
        let returned = streams.filter { refusals[$0] != nil }
        remove(streams)
        for stream in streams {
            refusals[stream] = nil
            pasts[stream]?.acceptedAt = instant
        }
        return returned
    }

    /// Begins the trial of the streams that are due, nil where none are.
    mutating func beginTrial(at instant: ContinuousClock.Instant) -> [InstrumentID]? {
        if !suspects.isEmpty {
            let group = suspects.removeFirst()
            onTrial = Set(group)
            return group
        }
        let due = refusals.filter { $0.value <= instant }.keys.sorted().prefix(Self.largestTrial)
        guard !due.isEmpty else { return nil }
        onTrial = Set(due)
        return Array(due)
    }

    /// Ends a trial; its streams without an answer are tried again later.
    mutating func abandonTrial(at instant: ContinuousClock.Instant) {
        let group = onTrial.sorted()
        onTrial = []
        for stream in group where refusals[stream] != nil {
            refusals[stream] = instant + Self.firstRetry
        }
        let others = group.filter { refusals[$0] == nil }
        if !others.isEmpty { suspects.append(others) }
    }

    /// Removes the records of streams that are not followed.
    mutating func removeRecords(of streams: [InstrumentID]) {
        remove(streams)
        for stream in streams {
            refusals[stream] = nil
            pasts[stream] = nil
        }
    }

    private mutating func remove(_ streams: [InstrumentID]) {
        onTrial.subtract(streams)
        suspects = suspects.map { $0.filter { !streams.contains($0) } }.filter { !$0.isEmpty }
    }
}
