/// What a feed has done since it was made.
package struct FeedCounts: Sendable {
    /// Connections made.
    package internal(set) var connects = 0
    /// Connections lost and attempts failed, by reason; every reason is present.
    package internal(set) var disconnects: [DisconnectReason: Int]
    /// Data frames or lines received, whatever they held.
    package internal(set) var frames = 0
    /// Payload bytes of those frames or lines.
    package internal(set) var receivedBytes = 0
    /// Frames or lines that gave no record and should have, by reason; every reason is present.
    package internal(set) var decodeFailures: [DecodeFailure: Int]
    /// Well-formed events of other kinds than the trades asked for.
    package internal(set) var ignoredEvents = 0
    /// Streams that were asked for again on an open connection because the venue had trades that they did not bring.
    package internal(set) var resubscribes = 0
    /// Requests for missing trades, by outcome; every outcome is present.
    package internal(set) var repairRequests: [RequestOutcome: Int]
    /// Requests for anything else that failed: candles, the clock, the last trade of a silent stream.
    package internal(set) var failedRequests = 0
    /// The state of the feed; of several connections the worst.
    package internal(set) var state = FeedState.stopped

    /// All zero.
    package init() {
        disconnects = Dictionary(uniqueKeysWithValues: DisconnectReason.allCases.map { ($0, 0) })
        repairRequests = Dictionary(uniqueKeysWithValues: RequestOutcome.allCases.map { ($0, 0) })
        decodeFailures = Dictionary(uniqueKeysWithValues: DecodeFailure.allCases.map { ($0, 0) })
    }
}
