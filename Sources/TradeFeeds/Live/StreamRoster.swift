import MarketData

/// Which streams of a feed are followed, which the venue refuses, and when those are tried again.
///
/// A refusal that names no stream makes all that it may be about suspects: halves of them are tried apart until the refused
/// ones are alone.
struct StreamRoster: Sendable {
    static let firstRetry = Duration.seconds(10)
    /// A stream that the venue named may be gone for good.
    static let rarestRetry = Duration.seconds(900)
    /// A refusal without a name may be about something else, and end at any time.
    static let rarestUnnamedRetry = Duration.seconds(60)
    /// A stream that was accepted for this long begins with the first retry again.
    static let healthyTime = Duration.seconds(60)
    private static let largestTrial = 100

    private struct Past {
        var failures = 0
        var acceptedAt: ContinuousClock.Instant?
    }

    /// When each refused stream is tried again.
    private var refusals: [InstrumentID: ContinuousClock.Instant] = [:]
    private var pasts: [InstrumentID: Past] = [:]
    /// Groups that wait for their trial, the next one first.
    private var suspects: [[InstrumentID]] = []
    /// The group that is tried at present.
    private var onTrial: Set<InstrumentID> = []

    /// Whether the feed's connections ask for a stream.
    func isFollowed(_ stream: InstrumentID) -> Bool {
        refusals[stream] == nil && !onTrial.contains(stream) && !suspects.contains { $0.contains(stream) }
    }

    /// Whether the venue has refused a stream, and not accepted it since.
    func isRefused(_ stream: InstrumentID) -> Bool { refusals[stream] != nil }

    /// Records that the venue refuses streams.
    /// - Returns: those of which this is new.
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
    /// - Returns: those that it had refused.
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

    /// Ends a trial that the venue did not answer; what is still without an answer is tried again later.
    mutating func abandonTrial(at instant: ContinuousClock.Instant) {
        let group = onTrial.sorted()
        onTrial = []
        for stream in group where refusals[stream] != nil {
            refusals[stream] = instant + Self.firstRetry
        }
        let others = group.filter { refusals[$0] == nil }
        if !others.isEmpty { suspects.append(others) }
    }

    /// Ends what is known of streams that are not followed any further.
    mutating func forget(_ streams: [InstrumentID]) {
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
