package import MarketData

/// A store that can remove old rows.
package protocol RetentionStore: Sendable {
    /// Removes what is older than its retention, in transactions so short that they do not delay writes.
    ///
    /// The trade with the greatest id of a stream always stays, so that a gap after it is detected, and so do gaps
    /// above the first trade that is left. What an import wrote stays until the import is forgotten. A trade out of the
    /// order of time may stay as long as its neighbours.
    /// - Parameters:
    ///   - instruments: the streams and instruments to prune; those of one feed, since each feed has its own clock.
    ///   - time: trades before it are removed.
    ///   - bars: for each timeframe, the time before which a bar must have opened to be removed. Bars of other
    ///     timeframes stay. States are removed when their last bar is as old; so states of pairs and settings that are
    ///     not configured disappear in time.
    /// - Returns: the number of removed rows. What was removed before an error stays removed.
    func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome
}
