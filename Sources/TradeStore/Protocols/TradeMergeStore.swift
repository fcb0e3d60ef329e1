package import MarketData

/// Writes the trades of a file beside those that other streams of the same instrument have.
package protocol TradeMergeStore: Sendable {
    /// The trades that sources of an instrument have in a period. A store keeps one such copy of each instrument.
    func presentTrades(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>
    ) async throws -> any PresentTrades

    /// Writes the trades and changes of gaps of several batches in one transaction, into the first numbering of the
    /// streams.
    /// - Returns: how many trades of each batch were new.
    func write(_ batches: [ReplacingBatch]) async throws -> [Int]
}

/// A copy of the trades that other streams of an instrument have in the period of a file.
package protocol PresentTrades: Sendable {
    /// From the first to the last of them; nil when there are none.
    var times: ClosedRange<Timestamp>? { get }

    /// The trades of each time, by stream and id.
    func rows(at times: [Timestamp]) async throws -> [[PresentTrade]]

    /// Removes trades from the copy after a trade of the file was found equal to them, so that each is matched once.
    func remove(_ rows: [PresentTrade]) async throws
}

/// A trade that another stream of the instrument has.
package struct PresentTrade: Sendable {
    /// The trade; ``Trade/id`` is the id in its own stream.
    package let trade: Trade
    /// Whether its run begins at its time; a file with the same trade then has it among the last trades of that time.
    package let isAtStart: Bool
    /// See ``TradeKey``.
    let key: Int64
}

/// Trades of one stream to write, and the stored trades that they replace.
package struct ReplacingBatch: Sendable {
    /// The trades to write.
    package var batch: StoreBatch
    /// Trades of a stream without ids of the venue, which the batch contains with ids.
    package var replaced: [PresentTrade]

    /// A batch from its parts.
    package init(_ batch: StoreBatch, inPlaceOf replaced: [PresentTrade] = []) {
        self.batch = batch
        self.replaced = replaced
    }
}
