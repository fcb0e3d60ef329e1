import Synchronization

/// The catalogue of metric families of a program and the collectors that fill it.
///
/// ```swift
/// let requests = Counter(MetricFamily("demo_requests_total", .counter, help: "Requests answered."))
/// let registry = try MetricsRegistry(families: [requests.family], collectors: [requests])
/// let body = try registry.render(.text)
/// ```
public final class MetricsRegistry: Sendable {
    /// The families in the order in which they are exposed.
    public let families: [MetricFamily]

    private let catalogue: MetricCatalogue
    private let collectors: [any MetricCollector]
    /// Memory of the last rendering, which saves the next one from growing its own; absent while one is using it.
    private let spareSections = Mutex<[MetricSection]?>(nil)

    /// Checks the families and keeps the collectors, which write in the order given.
    ///
    /// - Throws: ``MetricsError/invalidFamily(name:reason:)`` or ``MetricsError/nameClash(name:)``.
    public init(families: [MetricFamily], collectors: [any MetricCollector]) throws(MetricsError) {
        catalogue = try MetricCatalogue(families)
        self.families = families
        self.collectors = collectors
    }

    /// Asks every collector and renders what they wrote.
    ///
    /// - Parameter names: The families to render, by the name of the family or of one of its samples in any format; nil
    ///   for all. Names of no family are ignored.
    /// - Returns: The body of a scrape: families in catalogue order, samples in the order written.
    /// - Throws: ``MetricsError`` if a collector wrote what the catalogue does not allow.
    public func render(_ format: ExpositionFormat, names: Set<String>? = nil) throws(MetricsError) -> [UInt8] {
        let writer = collect(.exposition(format.encoding))
        let exposition = try writer.exposition(format.encoding, names: names)
        let emptied = writer.emptiedSections()
        spareSections.withLock { $0 = emptied }
        return exposition
    }

    /// Asks every collector for its samples as values, histograms left out; families in catalogue order.
    ///
    /// - Throws: ``MetricsError`` if a collector wrote what the catalogue does not allow.
    public func gather() throws(MetricsError) -> [GatheredSample] {
        try collect(.gathering).samples()
    }

    /// The number of series that a scrape exposes now; as costly as a scrape.
    ///
    /// A collector that reports it as a metric reads ``MetricsWriter/seriesCount`` instead.
    public var seriesCount: Int {
        collect(.exposition(.text)).seriesCount
    }

    private func collect(_ purpose: SampleWriter.Purpose) -> MetricsWriter {
        let spare = spareSections.withLock { $0.take() }
        var writer = MetricsWriter(catalogue, purpose, reusing: spare)
        for collector in collectors {
            collector.collect(into: &writer)
        }
        return writer
    }
}
