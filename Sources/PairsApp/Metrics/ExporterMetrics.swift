import ExporterHTTP
import PrometheusExposition

/// The families about the exporter itself, in the order of exposition.
enum ExporterMetrics {
    static let buildInfo = MetricFamily(
        "pairs_exporter_build_info",
        .info,
        help: "What this program was built from and for.",
        labelNames: ["version", "revision", "swift_version", "os", "arch"]
    )
    static let reloadSuccessful = MetricFamily(
        "pairs_config_last_reload_successful",
        .gauge,
        help: "Whether the last attempt to load the configuration succeeded."
    )
    static let reloadTimestamp = MetricFamily(
        "pairs_config_last_reload_success_timestamp_seconds",
        .gauge,
        unit: "seconds",
        help: "When the configuration in force was loaded."
    )
    static let barCloseDuration = MetricFamily(
        "pairs_bar_close_duration_seconds",
        .histogram,
        unit: "seconds",
        help: "From the watermark passing the end of a bar to the new readings being visible.",
        seriesCount: durationBounds.seriesCount
    )
    static let testsDuration = MetricFamily(
        "pairs_tests_duration_seconds",
        .histogram,
        unit: "seconds",
        help: "Time the periodic tests of one reading take.",
        seriesCount: durationBounds.seriesCount
    )
    static let testsDelay = MetricFamily(
        "pairs_tests_delay_seconds",
        .gauge,
        unit: "seconds",
        help: "How long the oldest test that is due has waited for its result; 0 while none waits."
    )
    static let clockSteps = MetricFamily(
        "pairs_clock_steps_total",
        .counter,
        help: "How often the wall clock was found to have moved against the monotonic one by a second or more."
    )
    static let logLinesDropped = MetricFamily(
        "pairs_log_lines_dropped_total",
        .counter,
        help: "Log lines that could not be written, or waited too long for stderr to take them."
    )
    static let series = MetricFamily("pairs_series", .gauge, help: "Series in this exposition.")
    static let seriesLimit = MetricFamily(
        "pairs_series_limit",
        .gauge,
        help: "Series that the configuration may make at most."
    )

    static let families = [
        buildInfo, reloadSuccessful, reloadTimestamp, barCloseDuration, testsDuration, testsDelay, clockSteps,
        logLinesDropped, seriesLimit, series,
    ]

    static let durationBounds = HistogramBounds.exponential(start: 0.00001, factor: 4, count: 10)
}
