public import MarketData

/// What a feed hands over, in the order in which it happened.
public enum FeedEvent: Sendable {
    /// Records in arrival order.
    case trades(TradeBatch)
    /// The feed's clock in event time, at least every 100 ms once it has one; `isFlowing` while trades are proven to
    /// arrive.
    case time(Timestamp, isFlowing: Bool)
    /// The feed entered another state.
    case state(FeedState)
    /// The source is finished; bars close up to this greatest trade time and no further. Nil when it held no trade.
    case ended(Timestamp?)
}
