/// What one read of a feed brought: records in the order they arrived.
public struct TradeBatch: Sendable {
    /// The records, possibly of several instruments of one venue.
    public var trades: [Trade]
    /// When they arrived, by this machine's wall clock.
    public var receivedAt: Timestamp
    /// Whether they were asked of the venue because they were missing, so that their age tells nothing of the feed.
    public var isRepair: Bool
    /// When they arrived by a clock that is never set, nil where they did not come over a network.
    public var arrival: ContinuousClock.Instant?

    /// A batch from its parts.
    public init(
        trades: [Trade],
        receivedAt: Timestamp,
        isRepair: Bool = false,
        arrival: ContinuousClock.Instant? = nil
    ) {
        self.trades = trades
        self.receivedAt = receivedAt
        self.isRepair = isRepair
        self.arrival = arrival
    }
}
