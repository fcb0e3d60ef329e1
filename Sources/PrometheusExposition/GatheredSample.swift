/// One sample as a value, for programs that want the metrics in another form than an exposition.
public struct GatheredSample: Sendable {
    /// The family it belongs to; never a histogram.
    public let family: MetricFamily
    /// Its labels.
    public let labels: LabelSet
    /// Its value, which is finite.
    public let value: Double
}
