package import MarketData

/// What a feed hands over, in the order in which it happened.
package enum FeedEvent: Sendable {
    /// Records in arrival order.
    case trades(TradeBatch)
    /// The feed's clock in event time, at least every 100 ms once it has one; `isFlowing` while trades are proven to
    /// arrive.
    case time(Timestamp, isFlowing: Bool)
    /// The feed entered another state.
    case state(FeedState)
    /// What became known of streams beside their trades.
    case streams([InstrumentID], StreamHealth)
    /// The venue has no trade of this stream that was not handed over: its silence is calm.
    case quiet(InstrumentID)
    /// The venue does not have these missing ids. They are given as ``RepairRequest/knownIDs(_:)``.
    case unrepairable(InstrumentID, ids: ClosedRange<Int64>)
    /// The venue never gave these ids, which were taken for missing; they are given as ``RepairRequest/knownIDs(_:)``.
    case nonexistent(InstrumentID, ids: ClosedRange<Int64>)
    /// Microseconds by which the venue's clock is ahead of ``SteadyClock``; nil when the measurement is out of date.
    case clockOffset(Int64?)
    /// The source is finished; bars close up to this greatest trade time and no further. Nil when it held no trade.
    case ended(Timestamp?)
}
