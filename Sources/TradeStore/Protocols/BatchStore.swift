package import MarketData

/// A store that a run writes to.
///
/// It is created with the run's ``StreamTable`` and identifies streams by ``InstrumentID``. It keeps trades and gaps per
/// stream (venue, symbol, stream name) and numbering (see ``TradeNumbering``), because ids are unique only there, and
/// bars per instrument (venue, symbol), so that a run on another stream of the instrument finds them. The rows stay after
/// the run; streams that are not part of the table are not changed.
///
/// All methods may be called at any time from any task. Reads return committed transactions only, including every
/// `write` that has returned before. Errors are ``StoreError``, or `CancellationError` when the calling task was
/// cancelled before anything was done.
package protocol BatchStore: Sendable {
    /// The streams of this run.
    var streams: StreamTable { get }

    /// The trade ids that fit; ``write(_:)`` throws ``StoreError/idOutOfRange(stream:id:)`` for any other.
    var acceptedIDs: Range<Int64> { get }

    /// Adds streams while others are in use.
    /// - Returns: their ids in ``streams``.
    func add(_ streams: [TradeStream]) async throws -> [InstrumentID]

    /// Writes a batch in one transaction: when it throws, nothing of the batch is kept.
    ///
    /// - A trade is identified by its stream and id. One that is stored already is not changed.
    /// - A bar is identified by instrument, timeframe and slot. A stored bar is replaced.
    /// - Gap changes are applied in order; a gap is identified by stream and first id.
    /// - A state is identified by its instruments, timeframe, window and settings. A stored state is replaced.
    ///
    /// So a batch can be written again after a failure of which it is unknown whether it came before the commit.
    /// - Returns: how many of the trades were new.
    func write(_ batch: StoreBatch) async throws -> Int

    /// Writes everything to its final place on disk and releases the store. Nothing else may be called afterwards,
    /// except `close` again, which does nothing. Completes even in a cancelled task.
    func close() async throws
}
