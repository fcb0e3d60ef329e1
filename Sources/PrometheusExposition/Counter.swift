import Synchronization

/// A total that starts at 0 and only rises.
package final class Counter: DirectMetric {
    /// The family of the counter.
    package let family: MetricFamily
    /// The labels of this member of the family.
    package let labels: LabelSet

    private let bits = Atomic<UInt64>(0.0.bitPattern)

    /// A counter at 0.
    package init(_ family: MetricFamily, labels: LabelSet = .empty) {
        self.family = family
        self.labels = labels
    }

    /// The total so far.
    package var value: Double {
        Double(bitPattern: bits.load(ordering: .relaxed))
    }

    /// Adds an amount; a negative or non-finite amount is ignored, since a counter never falls.
    package func increment(by amount: Double = 1) {
        guard amount >= 0, amount.isFinite else { return }
        var current = bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: current) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    /// Writes the total.
    package func write(into samples: inout SampleWriter) {
        samples.write(value, labels: labels)
    }
}
