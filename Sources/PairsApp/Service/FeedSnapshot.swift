import MarketData
import PrometheusExposition
import TradeFeeds

/// The state of one feed at one moment, in addition to the feed's own counters.
struct FeedSnapshot: Sendable {
    /// Its latest state.
    var state = FeedState.stopped
    /// Whether the source has ended, as files do.
    var hasEnded = false
    /// Its clock in event time, nil before the first trade.
    var now: Timestamp?
    /// Streams that do not deliver the trades that the venue has.
    var deadStreams: Set<InstrumentID> = []
    /// Streams that the venue refuses, or of which it has no instrument.
    var refusedStreams: Set<InstrumentID> = []
    /// Microseconds by which the venue's clock is ahead of the steady one, nil while unknown.
    var clockOffset: Int64?
    /// The venue's time by its own clock, nil while that is unknown.
    var venueTime: Timestamp? { clockOffset.map { SteadyClock.now() + $0 } }
    /// From trade time to receipt.
    var delay = HistogramData(FeedMetrics.delayBounds)
    /// From receipt to the snapshot that shows it.
    var processing = HistogramData(FeedMetrics.processingBounds)
    /// Trades that arrived before they happened.
    var negativeDelays = 0

    /// Measures the delay of trades that have arrived.
    mutating func observe(_ batch: TradeBatch) {
        let receivedAt = batch.receivedAt + (clockOffset ?? 0)
        for trade in batch.trades where trade.discard != .time {
            let delay = receivedAt - trade.time
            if delay < 0 { negativeDelays += 1 }
            self.delay.observe(Double(max(0, delay)) / 1e6)
        }
        if !deadStreams.isEmpty { deadStreams.subtract(batch.trades.map(\.instrument)) }
        if !refusedStreams.isEmpty { refusedStreams.subtract(batch.trades.map(\.instrument)) }
    }

    /// Records the health of a stream. A lost connection does not change a refusal.
    mutating func record(_ health: StreamHealth, of stream: InstrumentID) {
        if health == .dead { deadStreams.insert(stream) } else { deadStreams.remove(stream) }
        switch health {
        case .refused: refusedStreams.insert(stream)
        case .listed: refusedStreams.remove(stream)
        case .waiting, .dead: break
        }
    }
}
