public import MarketData

/// Where trades come from: a live venue, a recorded file or a simulated market.
public protocol TradeFeed: Sendable {
    /// The venue whose instruments it delivers.
    var venue: Venue { get }

    /// What the feed has done so far; readable from any thread while it runs.
    var counters: FeedCounters { get }

    /// Bars of the past, oldest first, where the source has them.
    ///
    /// - Parameters:
    ///   - instrument: The stream whose bars are wanted.
    ///   - timeframe: The length of the bars.
    ///   - count: How many closed bars at most, the newest ones.
    /// - Returns: At most `count` bars of consecutive slots; empty where the source has no past.
    func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar]

    /// Runs until it is cancelled or the source has ended, and hands every event over in order.
    ///
    /// A suspended sink is backpressure: nothing more is read from the source meanwhile.
    /// - Parameters:
    ///   - positions: The last trade already known of each stream.
    ///   - sink: Takes the events, one at a time. What it throws ends the run.
    /// - Throws: `CancellationError` when cancelled, what the sink throws, and the source's own error when the source
    ///   cannot be read at all. A lost connection is not an error: the feed reconnects.
    func run(
        resuming positions: [InstrumentID: StreamPosition],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws
}

extension TradeFeed {
    /// No bars of the past.
    public func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar] {
        []
    }
}
