package import MarketData

/// A source of trades: a live venue, a recorded file or a simulated market.
package protocol TradeFeed: Sendable {
    /// The venue whose instruments the feed delivers.
    var venue: Venue { get }

    /// The feed's counters; any thread may read them while the feed runs.
    var counters: FeedCounters { get }

    /// Whether ``update(streams:resuming:)`` can change the streams; those of a file or a simulated market are fixed.
    var changesStreams: Bool { get }
    /// Whether the ids of a stream have no gaps. Otherwise an id only orders the trades, and several may share one.
    var hasConsecutiveIDs: Bool { get }

    /// Bars of the past, oldest first, where the source has them.
    ///
    /// - Parameters:
    ///   - instrument: The stream of the bars.
    ///   - timeframe: The length of the bars.
    ///   - count: The greatest number of closed bars; the newest are returned.
    /// - Returns: At most `count` bars of consecutive slots; empty where the source has no past.
    func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar]

    /// Trades just before the feed began, oldest first, where the source has them. They serve the statistics of ticks
    /// and must not be stored, because they have no ids.
    ///
    /// - Parameters:
    ///   - instrument: The stream of the trades.
    ///   - seconds: The length of the time span before the start of the feed.
    func ticks(of instrument: InstrumentID, seconds: Int) async throws -> [Trade]

    /// The venue's own candles, oldest first, requested over the network.
    ///
    /// - Parameters:
    ///   - instrument: The stream of the candles.
    ///   - timeframe: The length of the candles.
    ///   - count: The greatest number of closed candles; the newest are returned.
    ///   - slot: Only candles before it are requested; nil for those up to the present.
    /// - Returns: Bars of origin ``BarOrigin/klines``; empty where the source has none of this timeframe.
    /// - Throws: ``IncompleteCandles`` when a request failed before all candles were received.
    func candles(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        count: Int,
        before slot: Int64?
    ) async throws -> [Bar]

    /// Replaces the streams that the feed follows, while it runs or before. Streams that stay keep their connections
    /// and lose no trade. After this returns, nothing is delivered of a removed stream.
    ///
    /// The call waits for the sink, so the sink must not make it.
    /// - Parameters:
    ///   - streams: All streams to follow; those of other venues are ignored.
    ///   - positions: The last known trade of each added stream.
    func update(streams: [InstrumentID: TradeStream], resuming positions: [InstrumentID: StreamPosition]) async

    /// Runs until it is cancelled or the source has ended, and delivers every event in order.
    ///
    /// A suspended sink is backpressure: while it is suspended, nothing more is read from the source.
    /// - Parameters:
    ///   - positions: The last known trade of each stream.
    ///   - missing: Returns the ids that are missing at the moment of the call. A source that can fetch them delivers
    ///     their trades as batches with ``TradeBatch/isRepair``.
    ///   - sink: Receives the events, one at a time. An error that it throws ends the run.
    /// - Throws: `CancellationError` when cancelled, the error of the sink, and the source's own error when the source
    ///   cannot be read at all. A lost connection is not an error: the feed reconnects.
    func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws
}

extension TradeFeed {
    /// By default a jump in the ids proves that trades are missing.
    package var hasConsecutiveIDs: Bool { true }

    /// By default the streams are fixed.
    package var changesStreams: Bool { false }

    /// By default there are no candles.
    package func candles(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        count: Int,
        before slot: Int64?
    ) async throws -> [Bar] {
        []
    }

    /// The newest candles; see ``TradeFeed/candles(of:timeframe:count:before:)``.
    package func candles(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar] {
        try await candles(of: instrument, timeframe: timeframe, count: count, before: nil)
    }

    /// By default nothing changes.
    package func update(
        streams: [InstrumentID: TradeStream],
        resuming positions: [InstrumentID: StreamPosition]
    ) async {}

    /// Runs without requests for missing trades.
    package func run(
        resuming positions: [InstrumentID: StreamPosition],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await run(resuming: positions, missing: { [] }, into: sink)
    }

    /// By default there are no trades of the past.
    package func ticks(of instrument: InstrumentID, seconds: Int) async throws -> [Trade] {
        []
    }

    /// By default there are no bars of the past.
    package func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar] {
        []
    }
}
