/// Observations counted in buckets: the value of a histogram at one moment.
///
/// A value type without a lock, for an owner that observes on its own; ``Histogram`` is the shared form.
public struct HistogramData: Sendable, Hashable {
    /// The buckets' bounds.
    public let bounds: HistogramBounds
    /// Observations per bucket, not cumulative; one more than there are bounds.
    public private(set) var counts: [UInt64]
    /// The sum of all observations.
    public private(set) var sum = 0.0

    /// The same observations at the resolution of a native histogram.
    private(set) var native = NativeHistogram()

    /// No observations yet.
    public init(_ bounds: HistogramBounds) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.upperBounds.count + 1)
    }

    /// Counts one value; NaN and infinities, which would spoil the sum for ever, are ignored.
    public mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        counts[bounds.bucket(of: value)] += 1
        sum += value
        native.observe(value)
    }
}
