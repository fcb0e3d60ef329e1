import Synchronization

/// The labelled members of one family, found by a key.
///
/// Members with predefined labels are created at once, so that their counters are exposed as 0 before the first event:
/// ```swift
/// let requests = CounterVector(family, keys: [200, 500, 503]) { ["code": "\($0)"] }
/// requests[200].increment()
/// ```
package final class DirectMetricVector<Key: Hashable & Sendable, Member: DirectMetric>: MetricCollector {
    private struct State {
        var members: [Member] = []
        var positions: [Key: Int] = [:]
    }

    /// The family of all members.
    package let family: MetricFamily

    private let makeMember: @Sendable (Key) -> Member
    private let state: Mutex<State>

    /// Members for the predefined keys; others are created at their first use.
    package init(
        _ family: MetricFamily,
        keys: some Sequence<Key>,
        makeMember: @escaping @Sendable (Key) -> Member
    ) {
        self.family = family
        self.makeMember = makeMember
        var initial = State()
        for key in keys where initial.positions[key] == nil {
            initial.positions[key] = initial.members.count
            initial.members.append(makeMember(key))
        }
        state = Mutex(initial)
    }

    /// The member for a key. Keep a reference where it is used often: each access needs a lock.
    package subscript(key: Key) -> Member {
        state.withLock { state in
            if let position = state.positions[key] { return state.members[position] }
            let member = makeMember(key)
            state.positions[key] = state.members.count
            state.members.append(member)
            return member
        }
    }

    /// Ends the series of a key, if there is one.
    package func remove(_ key: Key) {
        state.withLock { state in
            guard let removed = state.positions.removeValue(forKey: key) else { return }
            state.members.remove(at: removed)
            state.positions = state.positions.mapValues { $0 > removed ? $0 - 1 : $0 }
        }
    }

    /// Writes all members, in the order of their creation.
    package func collect(into writer: inout MetricsWriter) {
        let members = state.withLock { $0.members }
        writer.family(family) { samples in
            for member in members {
                member.write(into: &samples)
            }
        }
    }
}

/// Counters of one family, found by a key.
package typealias CounterVector<Key: Hashable & Sendable> = DirectMetricVector<Key, Counter>
/// Gauges of one family, found by a key.
package typealias GaugeVector<Key: Hashable & Sendable> = DirectMetricVector<Key, Gauge>
/// Histograms of one family, found by a key.
package typealias HistogramVector<Key: Hashable & Sendable> = DirectMetricVector<Key, Histogram>

extension DirectMetricVector where Member == Counter {
    /// Counters at 0 for the predefined keys, labelled by their key.
    package convenience init(
        _ family: MetricFamily,
        keys: some Sequence<Key>,
        labels: @escaping @Sendable (Key) -> LabelSet
    ) {
        self.init(family, keys: keys, makeMember: { Counter(family, labels: labels($0)) })
    }
}

extension DirectMetricVector where Member == Gauge {
    /// Gauges without a value for the predefined keys, labelled by their key.
    package convenience init(
        _ family: MetricFamily,
        keys: some Sequence<Key>,
        labels: @escaping @Sendable (Key) -> LabelSet
    ) {
        self.init(family, keys: keys, makeMember: { Gauge(family, labels: labels($0)) })
    }
}

extension DirectMetricVector where Member == Histogram {
    /// Histograms without observations for the predefined keys, labelled by their key.
    package convenience init(
        _ family: MetricFamily,
        bounds: HistogramBounds,
        keys: some Sequence<Key>,
        labels: @escaping @Sendable (Key) -> LabelSet
    ) {
        self.init(family, keys: keys, makeMember: { Histogram(family, bounds: bounds, labels: labels($0)) })
    }
}
