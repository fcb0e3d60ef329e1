import Synchronization

/// A value that may rise and fall, or be absent.
package final class Gauge: DirectMetric {
    /// The family of the gauge.
    package let family: MetricFamily
    /// The labels of this member of the family.
    package let labels: LabelSet

    /// NaN means an absent value.
    private let bits: Atomic<UInt64>

    /// A gauge that is absent until it is set, unless a first value is given.
    package init(_ family: MetricFamily, labels: LabelSet = .empty, value: Double? = nil) {
        self.family = family
        self.labels = labels
        bits = Atomic((value ?? .nan).bitPattern)
    }

    /// The current value; `nil` and non-finite values are absent from the exposition.
    package var value: Double? {
        get {
            let value = Double(bitPattern: bits.load(ordering: .relaxed))
            return value.isNaN ? nil : value
        }
        set { bits.store((newValue ?? .nan).bitPattern, ordering: .relaxed) }
    }

    /// Adds an amount, which may be negative, to the value, or to 0 if it is absent.
    package func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let value = Double(bitPattern: current)
            let next = ((value.isNaN ? 0 : value) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    /// Writes the value, if there is one.
    package func write(into samples: inout SampleWriter) {
        samples.write(value, labels: labels)
    }
}
