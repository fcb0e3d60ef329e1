import PrometheusExposition

/// A collector that calls a closure.
struct ClosureCollector: MetricCollector {
    let write: @Sendable (inout MetricsWriter) -> Void

    init(_ write: @escaping @Sendable (inout MetricsWriter) -> Void) {
        self.write = write
    }

    func collect(into writer: inout MetricsWriter) {
        write(&writer)
    }
}
