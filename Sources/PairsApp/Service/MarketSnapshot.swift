import MarketData
import PairEngine
import TradeFeeds

/// The immutable state at one moment, which a scrape reads.
struct MarketSnapshot: Sendable {
    /// One reading per pair × timeframe × window, in the engine's order.
    var readings = PairReadings()
    /// What followed past extremes of each reading, in the same order; empty before the first computation.
    var efficacies: [SignalEfficacy] = []
    /// The correlation of each pair's ticks, in the order of the engine's definitions.
    var tickCorrelations: [Measured<Double>] = []
    /// When the oldest test that is due and has no result became due, nil while there is none.
    var oldestWaitingTest: ContinuousClock.Instant?
    /// The instruments that are followed.
    var instruments = InstrumentMap<InstrumentStatus>()
    /// The state of each feed, in the order of the configuration.
    var feeds: [FeedSnapshot] = []
}
