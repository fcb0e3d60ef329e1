import MarketData
import PairEngine
import TradeFeeds

/// The results of a warm start for the feeds.
struct WarmStartOutcome: Sendable {
    /// Bars that are not on disk and that the venue may have.
    struct MissingCandles: Sendable {
        var instrument: InstrumentID
        var timeframe: Timeframe
        /// The number of bars, up to the newest.
        var count: Int
        /// Whether these are all bars that windows need, so that some may precede the bars on disk.
        var isComplete = false
    }

    /// The last known trade of each stream.
    var positions: [InstrumentID: StreamPosition] = [:]
    var missingCandles: [MissingCandles] = []
    /// The memories of tests at the last stop of the program.
    var memories: [ReadingKey: ReadingMemory] = [:]

    /// The part that concerns the instruments of one feed.
    func part(of instruments: [InstrumentID]) -> WarmStartOutcome {
        let instruments = Set(instruments)
        return WarmStartOutcome(
            positions: positions.filter { instruments.contains($0.key) },
            missingCandles: missingCandles.filter { instruments.contains($0.instrument) },
            memories: memories
        )
    }
}
