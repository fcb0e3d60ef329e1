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
    static let readFailures = MetricFamily(
        "pairs_store_read_failures_total",
        .counter,
        help: "Reads of the running exporter, for imports and past extremes, that failed; they are tried again."
    )
    static let fileReplacements = MetricFamily(
        "pairs_store_file_replaced_total",
        .counter,
        help: "How often the database file was found removed, replaced or emptied while it was open."
    )
    static let damagedRows = MetricFamily(
        "pairs_store_damaged_rows_total",
        .counter,
        help: "Rows of the database that cannot be right, found and left out at start."
    )
    static let dropped = MetricFamily(
        "pairs_store_trades_dropped_total",
        .counter,
        help: "Trades not written because the store failed for too long; once it is well they are asked of the venue."
    )
    static let droppedBars = MetricFamily(
        "pairs_store_bars_dropped_total",
        .counter,
        help: "Bars not written because the store failed for too long; windows have them until a restart."
    )
    static let refused = MetricFamily(
        "pairs_store_trades_refused_total",
        .counter,
        help: "Trades not written because their id is outside the range that the store can hold."
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
        help: "Time a transaction takes.",
        seriesCount: commitBounds.seriesCount
    )
    static let pruned = MetricFamily(
        "pairs_store_pruned_trades_total",
        .counter,
        help: "Trades removed because their retention had passed."
    )

    static let families = [
        written, failures, readFailures, damagedRows, fileReplacements, dropped, droppedBars, refused, queued, size,
        commitDuration, pruned,
    ]

    /// Other work, such as retention, may delay a transaction by 50 ms at most.
    static let commitBounds = HistogramBounds([
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ])
}
