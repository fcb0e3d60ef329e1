import PrometheusExposition
import TradeFeeds

/// The families about feeds, in the order of exposition.
enum FeedMetrics {
    static let up = gauge(
        "pairs_feed_up",
        "1 only while the feed brings data and no stream is proven dead; a stream that the venue refuses does not count."
    )
    static let state = gauge(
        "pairs_feed_state",
        "1 for the state the feed is in; stopped also while the venue refuses every stream.",
        values: ("state", FeedState.allCases.count)
    )
    static let connects = counter("pairs_feed_connects_total", "Connections made.")
    static let disconnects = counter(
        "pairs_feed_disconnects_total",
        "Connections lost, replaced or not made, by reason.",
        values: ("reason", DisconnectReason.allCases.count)
    )
    static let resubscribes = counter(
        "pairs_feed_resubscribes_total",
        "Streams asked for again because the venue had trades that they did not bring."
    )
    static let frames = counter("pairs_feed_frames_total", "Frames received, all kinds.")
    static let receivedBytes = counter("pairs_feed_received_bytes_total", unit: "bytes", "Payload bytes received.")
    static let decodeFailures = counter(
        "pairs_feed_decode_failures_total",
        "Frames that could not be read, by reason.",
        values: ("reason", DecodeFailure.allCases.count)
    )
    static let delay = MetricFamily(
        "pairs_feed_delay_seconds",
        .histogram,
        unit: "seconds",
        help: "From the venue matching a trade to its receipt, by the venue's clock; negative delays count as 0.",
        labelNames: ["venue"],
        seriesCount: delayBounds.seriesCount
    )
    static let processing = MetricFamily(
        "pairs_feed_processing_seconds",
        .histogram,
        unit: "seconds",
        help: "From the receipt of trades to the snapshot that shows them, one observation per read of a socket.",
        labelNames: ["venue"],
        seriesCount: processingBounds.seriesCount
    )
    static let negativeDelays = counter(
        "pairs_feed_negative_delays_total",
        "Trades that arrived before they happened, by this machine's clock as corrected by the venue's."
    )
    static let clockOffset = MetricFamily(
        "pairs_feed_clock_offset_seconds",
        .gauge,
        unit: "seconds",
        help: "How far the venue's clock is ahead of this machine's, by the quickest of its last answers.",
        labelNames: ["venue"]
    )
    static let repairRequests = counter(
        "pairs_feed_repair_requests_total",
        "Requests for missing trades, by outcome.",
        values: ("outcome", RequestOutcome.allCases.count)
    )
    static let failedRequests = counter(
        "pairs_feed_failed_requests_total",
        "Requests for anything else that failed: candles, the clock, the last trade of a silent stream."
    )

    static let families = [
        up, state, connects, disconnects, resubscribes, frames, receivedBytes, decodeFailures, delay, processing,
        negativeDelays, clockOffset, repairRequests, failedRequests,
    ]

    /// From a quick network to a stalled one.
    static let delayBounds = HistogramBounds([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ])

    /// From the duration of one read to that of an overloaded program.
    static let processingBounds = HistogramBounds([
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    ])

    /// - Parameter values: a further label and how many values it has.
    private static func counter(
        _ name: String,
        unit: String? = nil,
        _ help: String,
        values: (label: String, count: Int)? = nil
    ) -> MetricFamily {
        family(name, .counter, unit: unit, help, values)
    }

    private static func gauge(
        _ name: String,
        _ help: String,
        values: (label: String, count: Int)? = nil
    ) -> MetricFamily {
        family(name, .gauge, unit: nil, help, values)
    }

    private static func family(
        _ name: String,
        _ kind: MetricKind,
        unit: String?,
        _ help: String,
        _ values: (label: String, count: Int)?
    ) -> MetricFamily {
        MetricFamily(
            name,
            kind,
            unit: unit,
            help: help,
            labelNames: ["venue"] + (values.map { [$0.label] } ?? []),
            seriesCount: values?.count ?? 1
        )
    }
}
