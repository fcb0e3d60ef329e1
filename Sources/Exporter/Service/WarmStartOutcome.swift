import MarketData
import PairEngine
import TradeFeeds

/// What a warm start leaves to the feeds.
struct WarmStartOutcome: Sendable {
    /// Bars that are not on disk and that the venue may have.
    struct WantedCandles: Sendable {
        var instrument: InstrumentID
        var timeframe: Timeframe
        /// How many, up to the newest.
        var count: Int
        /// Whether these are all that windows need, so that some may lie before the bars on disk.
        var isWhole = false
    }

    /// The last known trade of each stream.
    var positions: [InstrumentID: StreamPosition] = [:]
    var wantedCandles: [WantedCandles] = []
    /// What tests had left when the program stopped.
    var memories: [ReadingKey: ReadingMemory] = [:]

    /// What concerns the instruments of one feed.
    func part(of instruments: [InstrumentID]) -> WarmStartOutcome {
        let instruments = Set(instruments)
        return WarmStartOutcome(
            positions: positions.filter { instruments.contains($0.key) },
            wantedCandles: wantedCandles.filter { instruments.contains($0.instrument) },
            memories: memories
        )
    }
}
