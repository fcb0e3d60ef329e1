package import MarketData

/// Stores trades, bars, gaps and the states of readings.
///
/// A store belongs to one run: it is created with the run's ``StreamTable`` and identifies streams by ``InstrumentID``.
/// It keeps trades and gaps per stream (venue, symbol, stream name) and numbering (see ``TradeNumbering``), because ids
/// are unique only there, and bars per instrument (venue, symbol), so that a run on another stream of the instrument
/// finds them. The rows stay after the run; streams that are not part of the table are not changed.
///
/// All methods may be called at any time from any task. Reads return committed transactions only, including every
/// `write` that has returned before. Errors are ``StoreError``, or `CancellationError` when the calling task was
/// cancelled before anything was done.
package protocol TradeStore: Sendable {
    /// The streams of this run.
    var streams: StreamTable { get }

    /// The trade ids that fit; ``write(_:)`` throws ``StoreError/idOutOfRange(stream:id:)`` for any other.
    var acceptedIDs: Range<Int64> { get }

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

    /// The trade with the greatest id of the stream, or nil when there is none.
    func lastTrade(of instrument: InstrumentID) async throws -> Trade?

    /// The greatest id of the stream that is stored or inside a gap of any state, or nil when there is neither.
    func lastKnownID(of instrument: InstrumentID) async throws -> Int64?

    /// The gaps of the stream that are open, by ascending id.
    func openGaps(of instrument: InstrumentID) async throws -> [StoredIDGap]

    /// The gaps of the stream whose ids the venue does not have, by ascending id.
    func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap]

    /// The stream's trades from a time on, by ascending id.
    ///
    /// Ids are nearly in the order of time, so a store need not read every trade: it may search backwards from the
    /// greatest id until 1,000 consecutive trades are too old.
    func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade]

    /// The instrument's bars of a range of slots, by ascending slot. Slots without a bar are left out.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, slots: ClosedRange<Int64>) async throws -> [Bar]

    /// The instrument's bars of the last `count` slots that end at the newest stored bar, by ascending slot.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar]

    /// The stored states of a pair's readings at a timeframe, of all windows and settings, by window.
    ///
    /// A state is written with its last bar or later, so a crash at any time leaves no state that includes a bar which
    /// is not stored. An import removes the states that include a bar that it wrote. A late trade that revises a bar
    /// does not, because decisions made with the earlier bar stay.
    func readingStates(of y: InstrumentID, _ x: InstrumentID, timeframe: Timeframe) async throws -> [ReadingState]

    /// The used space in bytes: on disk with the write-ahead log, or in memory.
    func sizeInBytes() async throws -> Int64

    /// Removes what is older than its retention, in transactions so short that they do not delay writes.
    ///
    /// The trade with the greatest id of a stream always stays, so that a gap after it is detected, and so do gaps
    /// above the first trade that is left. A trade out of the order of time may stay as long as its neighbours.
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

    /// Adds streams while others are in use.
    /// - Returns: their ids in ``streams``.
    func add(_ streams: [TradeStream]) async throws -> [InstrumentID]

    /// The rows with invalid values that reads have left out so far.
    var damagedRows: [DamagedRow] { get }

    /// Writes everything to its final place on disk and releases the store. Nothing else may be called afterwards,
    /// except `close` again, which does nothing. Completes even in a cancelled task.
    func close() async throws
}

extension TradeStore {
    /// None: for a store whose rows no other program can change.
    package var damagedRows: [DamagedRow] { [] }

    /// None: for a store that keeps no unrepairable gaps.
    package func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] { [] }

    /// Removes what is older than its retention from all streams of the run; see ``prune(_:tradesBefore:bars:)``.
    package func prune(
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        try await prune(streams.ids, tradesBefore: time, bars: bars)
    }
}
