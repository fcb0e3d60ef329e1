package import MarketData

/// Where trades come from: a live venue, a recorded file or a simulated market.
package protocol TradeFeed: Sendable {
    /// The venue whose instruments it delivers.
    var venue: Venue { get }

    /// What the feed has done so far; readable from any thread while it runs.
    var counters: FeedCounters { get }

    /// Whether ``update(streams:resuming:)`` can change the streams: those of a file or a simulated market are fixed.
    var changesStreams: Bool { get }

    /// Bars of the past, oldest first, where the source has them.
    ///
    /// - Parameters:
    ///   - instrument: The stream whose bars are wanted.
    ///   - timeframe: The length of the bars.
    ///   - count: How many closed bars at most, the newest ones.
    /// - Returns: At most `count` bars of consecutive slots; empty where the source has no past.
    func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar]

    /// Trades just before the feed began, oldest first, where the source has them: for statistics of ticks, not to be
    /// stored, as they have no ids.
    ///
    /// - Parameters:
    ///   - instrument: The stream whose trades are wanted.
    ///   - seconds: How far back.
    func ticks(of instrument: InstrumentID, seconds: Int) async throws -> [Trade]

    /// The venue's own candles, oldest first, asked of it over the network: for a feed that runs.
    ///
    /// - Parameters:
    ///   - instrument: The stream whose candles are wanted.
    ///   - timeframe: The length of the candles.
    ///   - count: How many closed ones at most, the newest.
    ///   - slot: Only candles before it are wanted; nil for those up to the present.
    /// - Returns: Bars of origin ``BarOrigin/klines``; empty where the source has none of this timeframe.
    /// - Throws: ``IncompleteCandles`` when the venue could not be asked for all of them.
    func candles(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        count: Int,
        before slot: Int64?
    ) async throws -> [Bar]

    /// Replaces the streams that the feed follows, while it runs or before: those that stay keep their connections and lose no
    /// trade. Nothing is delivered of a stream that is left out once this has returned.
    ///
    /// It waits for the sink, so the sink must not call it.
    /// - Parameters:
    ///   - streams: All streams to follow; those of other venues are left out.
    ///   - positions: The last trade already known of each stream that is added.
    func update(streams: [InstrumentID: TradeStream], resuming positions: [InstrumentID: StreamPosition]) async

    /// Runs until it is cancelled or the source has ended, and hands every event over in order.
    ///
    /// A suspended sink is backpressure: nothing more is read from the source meanwhile.
    /// - Parameters:
    ///   - positions: The last trade already known of each stream.
    ///   - missing: The ids that are missing at the moment of the call, for a source that can be asked for them; what it
    ///     answers is handed over as batches with ``TradeBatch/isRepair``.
    ///   - sink: Takes the events, one at a time. What it throws ends the run.
    /// - Throws: `CancellationError` when cancelled, what the sink throws, and the source's own error when the source
    ///   cannot be read at all. A lost connection is not an error: the feed reconnects.
    func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws
}

extension TradeFeed {
    /// The streams are those of the whole run.
    package var changesStreams: Bool { false }

    /// No candles.
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

    /// Changes nothing.
    package func update(
        streams: [InstrumentID: TradeStream],
        resuming positions: [InstrumentID: StreamPosition]
    ) async {}

    /// Runs without asking for what is missing.
    package func run(
        resuming positions: [InstrumentID: StreamPosition],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await run(resuming: positions, missing: { [] }, into: sink)
    }

    /// No trades of the past.
    package func ticks(of instrument: InstrumentID, seconds: Int) async throws -> [Trade] {
        []
    }

    /// No bars of the past.
    package func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar] {
        []
    }
}
