import PrometheusExposition

/// The families about signals and their meaning, in the order of exposition.
enum SignalMetrics {
    static let signal = MetricFamily(
        "pairs_signal",
        .gauge,
        help: "1 while the signal holds, with hysteresis; absent while what it is made from has no value.",
        labelNames: PairMetric.labelNames + ["signal"]
    )

    static let alert = MetricFamily(
        "pairs_alert",
        .gauge,
        help: "1 while this signal of this reading deserves an alert by the configuration; absent while the signal is.",
        labelNames: PairMetric.labelNames + ["signal"]
    )

    static let entries = MetricFamily(
        "pairs_signal_entries_total",
        .counter,
        help: "How often the signal has begun: an excursion between two scrapes is not lost.",
        labelNames: PairMetric.labelNames + ["signal"]
    )

    static let pastExtremes = MetricFamily(
        "pairs_past_extremes",
        .gauge,
        help: "Past z-score extremes in stored bars that were followed up to their half-life.",
        labelNames: PairMetric.labelNames
    )

    static let pastExtremesReverted = MetricFamily(
        "pairs_past_extremes_reverted",
        .gauge,
        help: "Those of them that came back half of the way within their half-life.",
        labelNames: PairMetric.labelNames
    )

    static let interpretation = MetricFamily(
        "pairs_interpretation_info",
        .info,
        help: "The reading in words, from a fixed set of sentences that describe and never advise.",
        labelNames: PairMetric.labelNames + ["state", "confidence", "meaning", "watch"]
    )

    static let threshold = MetricFamily(
        "pairs_threshold",
        .gauge,
        help: "Configured level at which a signal or an alert begins or ends.",
        labelNames: ["pair", "threshold"]
    )

    static let families = [
        signal, alert, entries, pastExtremes, pastExtremesReverted, interpretation, threshold,
    ]
}
