/// What one read of a feed brought: records in the order they arrived.
public struct TradeBatch: Sendable {
    /// The records, possibly of several instruments of one venue.
    public var trades: [Trade]
    /// When they arrived, by this machine's wall clock.
    public var receivedAt: Timestamp

    /// A batch from its parts.
    public init(trades: [Trade], receivedAt: Timestamp) {
        self.trades = trades
        self.receivedAt = receivedAt
    }
}
