/// A metric that the program changes directly, as opposed to one that a collector computes at the scrape.
package protocol DirectMetric: MetricCollector {
    /// The family of which this is one labelled member, or the only one.
    var family: MetricFamily { get }
    /// Writes the current value.
    func write(into samples: inout SampleWriter)
}

extension DirectMetric {
    /// Writes the current value to its family.
    package func collect(into writer: inout MetricsWriter) {
        writer.family(family, write(into:))
    }
}
