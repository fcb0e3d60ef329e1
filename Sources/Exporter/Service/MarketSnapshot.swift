import MarketData
import PairEngine
import TradeFeeds

/// All that is known at one moment, immutable: what a scrape reads.
struct MarketSnapshot: Sendable {
    /// One per pair × timeframe × window, in the engine's order.
    var readings = PairReadings()
    /// How past extremes of each reading were followed, in the same order; empty until it was first computed.
    var efficacies: [SignalEfficacy] = []
    /// The correlation of each pair's ticks, in the order of the engine's definitions.
    var tickCorrelations: [Measured<Double>] = []
    /// When the oldest of the tests that are due and have no result became due, nil while there is none.
    var oldestWaitingTest: ContinuousClock.Instant?
    /// The instruments that are followed.
    var instruments = InstrumentMap<InstrumentStatus>()
    /// One per feed, in the order of the configuration.
    var feeds: [FeedSnapshot] = []
}
