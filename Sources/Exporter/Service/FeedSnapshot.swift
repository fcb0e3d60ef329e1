import MarketData
import PrometheusExposition
import TradeFeeds

/// What is known about one feed at one moment, beside what the feed counts itself.
struct FeedSnapshot: Sendable {
    /// The state it told last.
    var state = FeedState.stopped
    /// Whether the source has ended, as files do.
    var hasEnded = false
    /// Its clock in event time, nil before the first trade.
    var now: Timestamp?
    /// Streams that do not bring what the venue has.
    var deadStreams: Set<InstrumentID> = []
    /// Microseconds by which the venue's clock is ahead, nil while unknown.
    var clockOffset: Int64?
    /// From trade time to receipt.
    var delay = HistogramData(FeedMetrics.delayBounds)
    /// From receipt to the snapshot that shows it.
    var processing = HistogramData(FeedMetrics.processingBounds)
    /// Trades that arrived before they happened.
    var negativeDelays = 0

    /// Takes what the arrival of trades tells of the feed.
    mutating func observe(_ batch: TradeBatch) {
        let receivedAt = batch.receivedAt + (clockOffset ?? 0)
        for trade in batch.trades {
            let delay = receivedAt - trade.time
            if delay < 0 { negativeDelays += 1 }
            self.delay.observe(Double(max(0, delay)) / 1e6)
        }
        if !deadStreams.isEmpty { deadStreams.subtract(batch.trades.map(\.instrument)) }
    }
}
