/// The upper bounds of a histogram's buckets, with their `le` labels rendered once.
package struct HistogramBounds: Sendable, Hashable {
    /// Ascending finite upper bounds, each inclusive; the bucket without a bound, +Inf, follows them.
    package let upperBounds: [Double]

    /// The series of one histogram: its buckets with that of +Inf, its sum and its count.
    package var seriesCount: Int { upperBounds.count + 3 }

    private let text: [[UInt8]]
    private let openMetrics: [[UInt8]]

    /// Bounds in any order; duplicates and non-finite bounds are left out.
    package init(_ upperBounds: [Double]) {
        self.upperBounds = Set(upperBounds.filter(\.isFinite)).sorted()
        text = Self.render(self.upperBounds, .textBound)
        openMetrics = Self.render(self.upperBounds, .openMetricsBound)
    }

    /// `count` bounds, the first one `start` and each next one `factor` times the one before.
    package static func exponential(start: Double, factor: Double, count: Int) -> HistogramBounds {
        HistogramBounds(Array(sequence(first: start) { $0 * factor }.prefix(count)))
    }

    /// The bucket that counts this value, the last one being +Inf.
    func bucket(of value: Double) -> Int {
        upperBounds.firstIndex { value <= $0 } ?? upperBounds.count
    }

    /// The end of each bucket's labels, `le="0.5"} `, including that of +Inf.
    func rendered(_ encoding: ExpositionFormat.Encoding) -> [[UInt8]] {
        encoding == .openMetrics ? openMetrics : text
    }

    private static func render(_ bounds: [Double], _ number: NumberText) -> [[UInt8]] {
        let finite = bounds.map { bound in
            var bytes = Array("le=\"".utf8)
            bytes.append(addingCapacity: NumberText.capacity) { number.append(bound, to: &$0) }
            return bytes + "\"} ".utf8
        }
        return finite + [Array("le=\"+Inf\"} ".utf8)]
    }
}
