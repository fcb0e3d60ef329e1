/// The counts of a feed since it was created.
package struct FeedCounts: Sendable {
    /// Connections made.
    package var connects = 0
    /// Connections lost and attempts failed, by reason; every reason is present.
    package var disconnects: [DisconnectReason: Int]
    /// Data frames or lines received, of any content.
    package var frames = 0
    /// Payload bytes of those frames or lines.
    package var receivedBytes = 0
    /// Frames or lines that could not be decoded, by reason; every reason is present.
    package var decodeFailures: [DecodeFailure: Int]
    /// Well-formed events other than the requested trades.
    package var ignoredEvents = 0
    /// Streams that were subscribed again on an open connection because the venue had trades that the stream did not
    /// deliver.
    package var resubscribes = 0
    /// Requests for missing trades, by outcome; every outcome is present.
    package var repairRequests: [RequestOutcome: Int]
    /// Requests for anything else that failed: candles, the clock, the last trade of a silent stream.
    package var failedRequests = 0
    /// The state of the feed; with several connections, the worst of their states.
    package var state = FeedState.stopped

    /// All zero.
    package init() {
        disconnects = Dictionary(uniqueKeysWithValues: DisconnectReason.allCases.map { ($0, 0) })
        repairRequests = Dictionary(uniqueKeysWithValues: RequestOutcome.allCases.map { ($0, 0) })
        decodeFailures = Dictionary(uniqueKeysWithValues: DecodeFailure.allCases.map { ($0, 0) })
    }
}
