import PrometheusExposition

/// The families about the store, in the order of exposition.
enum StoreMetrics {
    static let written = MetricFamily(
        "pairs_store_trades_written_total",
        .counter,
        help: "Trades committed to disk."
    )
    static let failures = MetricFamily(
        "pairs_store_write_failures_total",
        .counter,
        help: "Transactions that failed; their data is kept and tried again."
    )
    static let dropped = MetricFamily(
        "pairs_store_trades_dropped_total",
        .counter,
        help: "Trades not written because the store failed for too long; their ids are fetched after a restart."
    )
    static let queued = MetricFamily(
        "pairs_store_queued_trades",
        .gauge,
        help: "Trades waiting to be written."
    )
    static let size = MetricFamily(
        "pairs_store_size_bytes",
        .gauge,
        unit: "bytes",
        help: "Size of the database and its write-ahead log."
    )
    static let commitDuration = MetricFamily(
        "pairs_store_commit_duration_seconds",
        .histogram,
        unit: "seconds",
        help: "Time a transaction takes."
    )
    static let pruned = MetricFamily(
        "pairs_store_pruned_trades_total",
        .counter,
        help: "Trades removed because their retention had passed."
    )

    static let families = [written, failures, dropped, queued, size, commitDuration, pruned]

    static let commitBounds = HistogramBounds.exponential(start: 0.0001, factor: 2.5, count: 12)
}
