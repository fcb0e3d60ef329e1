package import PrometheusExposition

/// Metrics of the telemetry path's own requests, under the names of client_golang's `promhttp`.
package struct ScrapeMetrics: MetricCollector {
    /// The families that this collector writes, for the catalogue.
    package static let families = [requestsFamily, inFlightFamily]

    private static let codes = [200, 500, 503]
    private static let requestsFamily = MetricFamily(
        "promhttp_metric_handler_requests_total",
        .counter,
        help: "Total number of scrapes by HTTP status code.",
        labelNames: ["code"],
        seriesCount: codes.count
    )
    private static let inFlightFamily = MetricFamily(
        "promhttp_metric_handler_requests_in_flight",
        .gauge,
        help: "Current number of scrapes being served."
    )

    let requests = CounterVector(requestsFamily, keys: codes) { ["code": "\($0)"] }
    let inFlight = Gauge(inFlightFamily, value: 0)

    /// No requests yet.
    package init() {}

    /// Writes both families.
    package func collect(into writer: inout MetricsWriter) {
        requests.collect(into: &writer)
        inFlight.collect(into: &writer)
    }
}
