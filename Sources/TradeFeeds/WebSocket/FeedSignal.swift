import MarketData

/// What connections and timers put into the queue of a live feed.
enum FeedSignal: Sendable {
    /// The records of one read and the instant at which they arrived.
    case trades(TradeBatch, at: ContinuousClock.Instant)
    /// A connection, by its number, entered a state.
    case connection(Int, FeedState, at: ContinuousClock.Instant)
    /// A moment at which to show the clock.
    case tick(ContinuousClock.Instant)
}
