import Synchronization

/// The catalogue of metric families of a program and the collectors that fill it.
///
/// ```swift
/// let requests = Counter(MetricFamily("demo_requests_total", .counter, help: "Requests answered."))
/// let registry = try MetricsRegistry(families: [requests.family], collectors: [requests])
/// let body = try registry.render(.text)
/// ```
package final class MetricsRegistry: Sendable {
    /// The families in the order in which they are exposed.
    package let families: [MetricFamily]

    private let catalogue: MetricCatalogue
    private let collectors: [any MetricCollector]
    /// The size of the last rendering, so that the next one allocates its memory once.
    private let lastSize = Atomic<Int>(0)

    /// Checks the families and keeps the collectors, which write in the order given.
    ///
    /// - Throws: ``MetricsError/invalidFamily(name:reason:)`` or ``MetricsError/nameClash(name:)``.
    package init(families: [MetricFamily], collectors: [any MetricCollector]) throws(MetricsError) {
        catalogue = try MetricCatalogue(families)
        self.families = families
        self.collectors = collectors
    }

    /// Calls every collector and renders what they wrote.
    ///
    /// - Parameter names: The families to render, by the name of the family or of one of its samples in any format; nil
    ///   for all. Names of no family are ignored.
    /// - Returns: The body of a scrape: families in catalogue order, samples in the order written.
    /// - Throws: ``MetricsError`` if a collector wrote what the catalogue does not allow.
    package func render(_ format: ExpositionFormat, names: Set<String>? = nil) throws(MetricsError) -> [UInt8] {
        var writer = collect(.exposition(format.encoding))
        let exposition = try writer.exposition(format.encoding, names: names)
        if names == nil { lastSize.store(exposition.count, ordering: .relaxed) }
        return exposition
    }

    /// Calls every collector for its samples as values, without histograms; families in catalogue order.
    ///
    /// - Throws: ``MetricsError`` if a collector wrote what the catalogue does not allow.
    package func gather() throws(MetricsError) -> [GatheredSample] {
        try collect(.gathering).samples()
    }

    /// The current number of series that a scrape exposes; costs as much as a scrape.
    ///
    /// A collector that reports it as a metric reads ``MetricsWriter/seriesCount`` instead.
    package var seriesCount: Int {
        collect(.exposition(.text)).seriesCount
    }

    private func collect(_ purpose: SampleWriter.Purpose) -> MetricsWriter {
        // With room for a few more series than last time.
        let capacity = lastSize.load(ordering: .relaxed)
        var writer = MetricsWriter(catalogue, purpose, capacity: capacity + capacity / 16 + 4096)
        for collector in collectors {
            collector.collect(into: &writer)
        }
        return writer
    }
}
