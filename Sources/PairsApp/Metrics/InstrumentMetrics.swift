import MarketData
import PrometheusExposition

/// The families about single instruments, in the order of exposition.
enum InstrumentMetrics {
    static let labelNames = ["venue", "symbol"]

    static let trades = counter("pairs_trades_total", "Trades of the market, each id once.")
    static let volume = counter("pairs_trade_volume_total", "Quantity traded, in the instrument's base unit.")
    static let lastPrice = gauge("pairs_last_price", "Price of the last trade, in the quote currency.")
    static let lastTrade = gauge(
        "pairs_last_trade_timestamp_seconds",
        unit: "seconds",
        "When the last trade was matched, by the venue's clock."
    )
    static let bars = MetricFamily(
        "pairs_bars_total",
        .counter,
        help: "Closed bars: traded, carried forward without a trade, or lost to a gap.",
        labelNames: labelNames + ["timeframe", "state"],
        seriesCount: BarState.allCases.count
    )
    static let discarded = MetricFamily(
        "pairs_trades_discarded_total",
        .counter,
        help: "Records that are no trades of the market, by reason.",
        labelNames: labelNames + ["reason"],
        seriesCount: DiscardReason.allCases.count
    )
    static let gaps = counter("pairs_trade_gaps_total", "How often trade ids were found missing.")
    static let missing = counter("pairs_trades_missing_total", "Trade ids found missing.")
    static let repaired = counter("pairs_trades_repaired_total", "Missing trade ids that arrived after all.")
    static let numberingResets = counter(
        "pairs_numbering_resets_total",
        "How often the venue began to number its trades again."
    )
    static let duplicates = counter("pairs_trades_duplicate_total", "Trades that were seen before.")
    static let late = counter("pairs_trades_late_total", "Trades that came after their bar had closed.")
    static let unrepaired = gauge(
        "pairs_trades_unrepaired",
        "Trade ids known to exist, not on disk and still asked for."
    )
    static let streamUp = gauge(
        "pairs_stream_up",
        "1 while this stream is proven alive, by data on this connection or by the venue having none."
    )
    static let refused = gauge(
        "pairs_instrument_refused",
        "1 while the venue refuses this stream or says that it has no such instrument; it is tried again from time to time."
    )

    static let families = [
        trades, volume, lastPrice, lastTrade, bars, discarded, gaps, missing, repaired, numberingResets, duplicates,
        late, unrepaired,
        streamUp, refused,
    ]

    private static func counter(_ name: String, _ help: String) -> MetricFamily {
        MetricFamily(name, .counter, help: help, labelNames: labelNames)
    }

    private static func gauge(_ name: String, unit: String? = nil, _ help: String) -> MetricFamily {
        MetricFamily(name, .gauge, unit: unit, help: help, labelNames: labelNames)
    }
}
