import Synchronization

/// Observations counted in buckets, from any thread.
public final class Histogram: DirectMetric {
    /// The family observed.
    public let family: MetricFamily
    /// The labels of this member of the family.
    public let labels: LabelSet

    private let state: Mutex<HistogramData>

    /// A histogram without observations.
    public init(_ family: MetricFamily, bounds: HistogramBounds, labels: LabelSet = .empty) {
        self.family = family
        self.labels = labels
        state = Mutex(HistogramData(bounds))
    }

    /// The observations so far.
    public var data: HistogramData {
        state.withLock { $0 }
    }

    /// Counts one value; NaN and infinities are ignored.
    public func observe(_ value: Double) {
        state.withLock { $0.observe(value) }
    }

    /// Writes buckets, sum and count.
    public func write(into samples: inout SampleWriter) {
        samples.write(data, labels: labels)
    }
}
