/// A source of samples, called at every scrape.
///
/// Series that are not written are absent from that scrape, so that removed series are not exposed.
package protocol MetricCollector: Sendable {
    /// Writes the current samples. May be called from several scrapes at once.
    func collect(into writer: inout MetricsWriter)
}
