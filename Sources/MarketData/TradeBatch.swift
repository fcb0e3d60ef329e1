/// The records of one read of a feed, in the order of arrival.
public struct TradeBatch: Sendable {
    /// The records, possibly of several instruments of one venue.
    public var trades: [Trade]
    /// When they arrived, by a clock of this machine.
    public var receivedAt: Timestamp
    /// The venue's time when they arrived, as far as it is known: no trade can have a later time.
    public var present: Timestamp?
    /// Whether they were requested because they were missing, so that their age is not a delay of the feed.
    public var isRepair: Bool
    /// The numbering that the ids were requested in; nil for the present one. See ``TradeNumbering``.
    public var numbering: Int64?
    /// When they arrived by a monotonic clock, nil where no network delivered them.
    public var arrival: ContinuousClock.Instant?

    /// A batch from its parts.
    public init(
        trades: [Trade],
        receivedAt: Timestamp,
        isRepair: Bool = false,
        numbering: Int64? = nil,
        arrival: ContinuousClock.Instant? = nil,
        present: Timestamp? = nil
    ) {
        self.trades = trades
        self.receivedAt = receivedAt
        self.isRepair = isRepair
        self.numbering = numbering
        self.arrival = arrival
        self.present = present
    }

    /// The greatest time of a trade whose time is accepted, but not later than ``present``; nil where there is none.
    public var greatestTime: Timestamp? {
        var greatest: Timestamp?
        for trade in trades where trade.discard != .time { greatest = max(greatest ?? trade.time, trade.time) }
        return greatest.map { min($0, present ?? $0) }
    }
}
