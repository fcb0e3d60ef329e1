import PrometheusExposition

/// A collector made of a closure.
struct ClosureCollector: MetricCollector {
    let write: @Sendable (inout MetricsWriter) -> Void

    init(_ write: @escaping @Sendable (inout MetricsWriter) -> Void) {
        self.write = write
    }

    func collect(into writer: inout MetricsWriter) {
        write(&writer)
    }
}
