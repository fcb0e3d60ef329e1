package import MarketData

/// The store of a run that follows feeds: it writes trades, bars, gaps and states of readings, and the next run continues
/// from them.
package protocol TradeStore: BatchStore, TradeReader, BarReader, IDGapReader, ReadingStateReader, RetentionStore,
    CompletedImportReader
{
    /// The used space in bytes: on disk with the write-ahead log, or in memory.
    func sizeInBytes() async throws -> Int64

    /// The rows with invalid values that reads have left out so far.
    var damagedRows: [DamagedRow] { get }

    /// Opens a reader of everything that the store has, also of instruments that are not part of the run.
    /// - Throws: ``StoreError`` when it cannot be opened.
    func reader() throws(StoreError) -> any StoreReader
}

extension TradeStore {
    /// None: for a store whose rows no other program can change.
    package var damagedRows: [DamagedRow] { [] }

    /// Removes what is older than its retention from all streams of the run; see ``prune(_:tradesBefore:bars:)``.
    package func prune(
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        try await prune(streams.ids, tradesBefore: time, bars: bars)
    }
}

/// A row of a store that has invalid values and is left out.
package struct DamagedRow: Hashable, Sendable, CustomStringConvertible {
    /// The table and what identifies the row in it.
    package var row: String
    /// What is wrong with it.
    package var reason: String

    /// `raw_hole of binance-usdm:BTCUSDT@aggTrade, first_id 17: last_id 12 is below it`.
    package var description: String { "\(row): \(reason)" }
}
