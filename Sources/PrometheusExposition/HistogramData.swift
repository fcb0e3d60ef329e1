/// Observations counted in buckets: the value of a histogram at one time.
///
/// A value type without a lock, for an owner that observes alone; ``Histogram`` is the shared form.
package struct HistogramData: Sendable, Hashable {
    /// The buckets' bounds.
    package let bounds: HistogramBounds
    /// Observations per bucket, not cumulative; one more than there are bounds.
    package private(set) var counts: [UInt64]
    /// The sum of all observations.
    package private(set) var sum = 0.0

    /// The same observations at the resolution of a native histogram.
    private(set) var native = NativeHistogram()

    /// No observations yet.
    package init(_ bounds: HistogramBounds) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.upperBounds.count + 1)
    }

    /// Counts one value; NaN and infinities, which would make the sum useless, are ignored.
    package mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        counts[bounds.bucket(of: value)] += 1
        sum += value
        native.observe(value)
    }
}
