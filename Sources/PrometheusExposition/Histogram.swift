import Synchronization

/// Observations counted in buckets, from any thread.
package final class Histogram: DirectMetric {
    /// The family of the histogram.
    package let family: MetricFamily
    /// The labels of this member of the family.
    package let labels: LabelSet

    private let state: Mutex<HistogramData>

    /// A histogram without observations.
    package init(_ family: MetricFamily, bounds: HistogramBounds, labels: LabelSet = .empty) {
        self.family = family
        self.labels = labels
        state = Mutex(HistogramData(bounds))
    }

    /// The observations so far.
    package var data: HistogramData {
        state.withLock { $0 }
    }

    /// Counts one value; NaN and infinities are ignored.
    package func observe(_ value: Double) {
        state.withLock { $0.observe(value) }
    }

    /// Writes buckets, sum and count.
    package func write(into samples: inout SampleWriter) {
        samples.write(data, labels: labels)
    }
}
