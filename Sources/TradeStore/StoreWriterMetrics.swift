package import MarketData

/// The counts of a ``StoreWriter`` at one time.
package struct StoreWriterMetrics: Hashable, Sendable {
    /// New trades on disk; counted after the commit.
    package var tradesWritten = 0
    /// Transactions that failed, retries included.
    package var writeFailures = 0
    /// Trades in the queue that are not committed yet.
    package var queuedTrades = 0
    /// Trades removed by retention.
    package var prunedTrades = 0
    /// Trades dropped because the store failed and the queue was full; their ids become open gaps.
    package var droppedTrades = 0
    /// The dropped trades by stream that have neither been restored nor given up, although the caller counts them as
    /// written.
    package var droppedIDs: [InstrumentID: DroppedIDs] = [:]
    /// Bars dropped because too many waited for the store.
    package var droppedBars = 0
    /// Trades whose id is outside the range that the store can hold.
    package var refusedTrades = 0
    /// The size of the store in bytes, measured every ten seconds while it is written.
    package var sizeInBytes: Int64 = 0
    /// Whether the last transaction failed.
    package var isFailing = false
}

/// Ids of one stream that are not on disk because they were dropped.
package struct DroppedIDs: Hashable, Sendable {
    /// The number of ids.
    package var count = 0
    /// The greatest time of the trades that were dropped.
    package var lastTime = Timestamp(microseconds: .min)
}
