import MarketData

/// What connections, watchers and timers put into the queue of a live feed.
enum FeedSignal: Sendable {
    /// The records of one read and the instant at which they arrived.
    case trades(TradeBatch, at: ContinuousClock.Instant)
    /// A connection entered a state.
    case connection(ConnectionID, FeedState, at: ContinuousClock.Instant)
    /// A connection has ended; the state is that of its part where no other connection lives.
    case ended(ConnectionID, then: FeedState, at: ContinuousClock.Instant)
    /// The streams of every part have changed; of those that were removed nothing more is delivered.
    case streams([Int: [InstrumentID]], StreamAllocation.Change, receipt: AsyncStream<Void>.Continuation?)
    /// Something that watchers found; the receipt finishes when it has been handed over.
    case found([FeedEvent], receipt: AsyncStream<Void>.Continuation)
    /// A moment at which to show the clock.
    case tick(ContinuousClock.Instant)
}
