import MarketData

/// An entry in the queue of a live feed, from connections, checks and timers.
enum FeedSignal: Sendable {
    /// The records of one read and the instant at which they arrived.
    case trades(TradeBatch, at: ContinuousClock.Instant)
    /// A connection entered a state.
    case connection(ConnectionID, FeedState, at: ContinuousClock.Instant)
    /// A connection has ended; the state is that of its part when there is no other connection.
    case ended(ConnectionID, then: FeedState, at: ContinuousClock.Instant)
    /// The streams of the parts have changed; nothing more is delivered of removed streams.
    case streams([Int: [InstrumentID]], StreamAllocation.Change, receipt: AsyncStream<Void>.Continuation?)
    /// Events of the checks and of the repair; the receipt finishes when the events have been delivered.
    case found([FeedEvent], receipt: AsyncStream<Void>.Continuation)
    /// A moment at which to deliver the time of the clock.
    case tick(ContinuousClock.Instant)
}
