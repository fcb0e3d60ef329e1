package import MarketData

/// An event that a feed delivers, in the order in which it happened.
package enum FeedEvent: Sendable {
    /// Records in arrival order.
    case trades(TradeBatch)
    /// The feed's clock in event time, every 100 ms once it has a time; `isFlowing` is true while trades arrive.
    case time(Timestamp, isFlowing: Bool)
    /// The feed entered another state.
    case state(FeedState)
    /// A change in the health of streams.
    case streams([InstrumentID], StreamHealth)
    /// The venue has no trade of this stream that was not delivered, so the stream is quiet and not dead.
    case quiet(InstrumentID)
    /// Missing ids that the venue does not have, as ``RepairRequest/knownIDs(_:)``.
    case unrepairable(InstrumentID, ids: ClosedRange<Int64>)
    /// Ids recorded as missing that the venue never assigned, as ``RepairRequest/knownIDs(_:)``.
    case nonexistent(InstrumentID, ids: ClosedRange<Int64>)
    /// Microseconds by which the venue's clock is ahead of ``SteadyClock``; nil when the measurement is out of date.
    case clockOffset(Int64?)
    /// The source has ended; bars close up to this greatest trade time and no further. Nil when the source contained no
    /// trade.
    case ended(Timestamp?)
}
