/// One sample as a value, for programs that need the metrics in another form than an exposition.
package struct GatheredSample: Sendable {
    /// Its family; never a histogram.
    package let family: MetricFamily
    /// Its labels.
    package let labels: LabelSet
    /// Its value, which is finite.
    package let value: Double
}
