/// A source of samples, asked at every scrape.
///
/// Series that are not written are absent from that scrape, so that what vanished is not exposed any longer.
package protocol MetricCollector: Sendable {
    /// Writes the current samples. May be called from several scrapes at once.
    func collect(into writer: inout MetricsWriter)
}
