/// One sample as a value, for programs that want the metrics in another form than an exposition.
package struct GatheredSample: Sendable {
    /// The family it belongs to; never a histogram.
    package let family: MetricFamily
    /// Its labels.
    package let labels: LabelSet
    /// Its value, which is finite.
    package let value: Double
}
