package import MarketData

/// Where trades, bars, gaps and what readings remember are kept.
///
/// A store belongs to one run: it is made with the run's ``StreamTable`` and speaks of streams by ``InstrumentID``.
/// It keeps trades and gaps per stream (venue, symbol, stream name) and numbering (see ``TradeNumbering``), because ids are
/// one space only there, and bars per instrument (venue, symbol), so that a run on another stream of the instrument still
/// finds them. What it keeps outlives the run; streams that are not part of the table stay untouched.
///
/// All methods may be called at any time from any task. Reads see whole transactions only, and everything that an
/// earlier `write` has returned from. Errors are ``StoreError``, or `CancellationError` when the calling task was
/// cancelled before anything was done.
package protocol TradeStore: Sendable {
    /// The streams of this run.
    var streams: StreamTable { get }

    /// The trade ids that fit; ``write(_:)`` throws ``StoreError/idOutOfRange(stream:id:)`` for any other.
    var acceptedIDs: Range<Int64> { get }

    /// Writes a batch in one transaction: when it throws, nothing of the batch is kept.
    ///
    /// - Trades are known by their stream and id. One that is there already is left as it is.
    /// - Bars are known by instrument, timeframe and slot. One that is there already is replaced.
    /// - IDGap changes are applied in order; a gap is known by stream and first id.
    /// - States are known by their instruments, timeframe, window and settings. One that is there already is replaced.
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

    /// The gaps of the stream that were given up, by ascending id.
    func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap]

    /// The stream's trades from a moment on, by ascending id.
    ///
    /// Ids are nearly in the order of time, so a store need not look at every trade: it may look back from the greatest
    /// id until 1,000 trades in a row are too old.
    func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade]

    /// The instrument's bars of a range of slots, by ascending slot. Slots without a bar are left out.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, slots: ClosedRange<Int64>) async throws -> [Bar]

    /// The instrument's bars of the last `count` slots, the newest stored bar being the last of them, by ascending slot.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar]

    /// What readings of a pair at a timeframe remember, of all windows and settings, by window.
    ///
    /// A state is written with its last bar or later, so a process that ends at any moment leaves none that is ahead of
    /// the bars. An import removes the states that have seen a bar that it wrote; a late trade that revises a bar does
    /// not, because what was decided with the bars known then stays.
    func readingStates(of y: InstrumentID, _ x: InstrumentID, timeframe: Timeframe) async throws -> [ReadingState]

    /// The space in use: on disk with the write-ahead log, or in memory.
    func sizeInBytes() async throws -> Int64

    /// Removes what is older than its retention, in transactions so short that writes are not held up.
    ///
    /// The trade with the greatest id of a stream always stays, so that a gap behind it is noticed, and so do gaps above
    /// the first trade that is left. A trade out of the order of time may stay until its neighbours go.
    /// - Parameters:
    ///   - instruments: the streams and instruments to prune; those of one feed, since each feed has its own clock.
    ///   - time: trades before it are removed.
    ///   - bars: for each timeframe, the moment before which a bar must have opened to be removed. Bars of other
    ///     timeframes stay. States go when their last bar is as old, which is how those of pairs and settings that are
    ///     no longer configured end.
    /// - Returns: what was removed. What was removed before an error stays removed.
    func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome

    /// Adds streams while others are in use.
    /// - Returns: their numbers in ``streams``.
    func add(_ streams: [TradeStream]) async throws -> [InstrumentID]

    /// The rows that reads have left out so far because they cannot be right.
    var damagedRows: [DamagedRow] { get }

    /// Puts everything into its final place on disk and lets go of it. Nothing else may be called afterwards, except
    /// `close` again, which does nothing. Completes even in a cancelled task.
    func close() async throws
}

extension TradeStore {
    /// None: for a store whose rows no other program can change.
    package var damagedRows: [DamagedRow] { [] }

    /// None: for a store that keeps no gaps that were given up.
    package func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] { [] }

    /// Removes what is older than its retention from all streams of the run; see ``prune(_:tradesBefore:bars:)``.
    package func prune(
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        try await prune(streams.ids, tradesBefore: time, bars: bars)
    }
}
