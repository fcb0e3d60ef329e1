import MarketData
import PrometheusExposition
import TradeFeeds

/// Writes the counts and states of feeds.
struct FeedCollector: MetricCollector {
    private let feeds: [any TradeFeed]
    private let labels: [LabelSet]
    private let stateLabels: LabelTable
    private let disconnectLabels: LabelTable
    private let decodeFailureLabels: LabelTable
    private let repairLabels: LabelTable
    private let latestSnapshot: LatestSnapshot

    init(feeds: [any TradeFeed], latestSnapshot: LatestSnapshot) {
        self.feeds = feeds
        let labels: [LabelSet] = feeds.map { ["venue": $0.venue.rawValue] }
        self.labels = labels
        stateLabels = Self.table(labels, "state", FeedState.self)
        disconnectLabels = Self.table(labels, "reason", DisconnectReason.self)
        decodeFailureLabels = Self.table(labels, "reason", DecodeFailure.self)
        repairLabels = Self.table(labels, "outcome", RequestOutcome.self)
        self.latestSnapshot = latestSnapshot
    }

    func collect(into writer: inout MetricsWriter) {
        let snapshots = latestSnapshot.value.feeds
        let counts = feeds.map { $0.counters.snapshot() }
        writer.family(FeedMetrics.up) { samples in
            for (labels, feed) in zip(labels, snapshots) {
                samples.write(feed.state == .flowing && feed.deadStreams.isEmpty ? 1 : 0, labels: labels)
            }
        }
        writer.family(FeedMetrics.state) { samples in
            let states = FeedState.allCases
            samples.write(stateLabels, upTo: snapshots.count * states.count) { position in
                let (feed, state) = position.quotientAndRemainder(dividingBy: states.count)
                return snapshots[feed].state == states[state] ? 1 : 0
            }
        }
        write(FeedMetrics.connects, counts, into: &writer, \.connects)
        write(FeedMetrics.disconnects, counts, disconnectLabels, into: &writer, \.disconnects)
        write(FeedMetrics.resubscribes, counts, into: &writer, \.resubscribes)
        write(FeedMetrics.frames, counts, into: &writer, \.frames)
        write(FeedMetrics.receivedBytes, counts, into: &writer, \.receivedBytes)
        write(FeedMetrics.decodeFailures, counts, decodeFailureLabels, into: &writer, \.decodeFailures)
        writer.family(FeedMetrics.delay) { samples in
            for (labels, feed) in zip(labels, snapshots) { samples.write(feed.delay, labels: labels) }
        }
        writer.family(FeedMetrics.processing) { samples in
            for (labels, feed) in zip(labels, snapshots) { samples.write(feed.processing, labels: labels) }
        }
        writer.family(FeedMetrics.negativeDelays) { samples in
            for (labels, feed) in zip(labels, snapshots) { samples.write(Double(feed.negativeDelays), labels: labels) }
        }
        let lead = SteadyClock.wallClockLead
        writer.family(FeedMetrics.clockOffset) { samples in
            for (labels, feed) in zip(labels, snapshots) {
                samples.write(feed.clockOffset.map { (Double($0) - Double(lead)) / 1e6 }, labels: labels)
            }
        }
        write(FeedMetrics.repairRequests, counts, repairLabels, into: &writer, \.repairRequests)
        write(FeedMetrics.failedRequests, counts, into: &writer, \.failedRequests)
    }

    /// For each feed the labels of one series per case.
    private static func table<Case: CaseIterable & RawRepresentable<String>>(
        _ labels: [LabelSet],
        _ name: String,
        _: Case.Type
    ) -> LabelTable {
        LabelTable(labels.flatMap { labels in Case.allCases.map { labels.appending(name, $0.rawValue) } })
    }

    private func write<Case: CaseIterable & Hashable>(
        _ family: MetricFamily,
        _ counts: [FeedCounts],
        _ labels: LabelTable,
        into writer: inout MetricsWriter,
        _ values: (FeedCounts) -> [Case: Int]
    ) {
        let cases = Array(Case.allCases)
        writer.family(family) { samples in
            samples.write(labels) { position in
                let (feed, index) = position.quotientAndRemainder(dividingBy: cases.count)
                return Double(values(counts[feed])[cases[index]] ?? 0)
            }
        }
    }

    private func write(
        _ family: MetricFamily,
        _ counts: [FeedCounts],
        into writer: inout MetricsWriter,
        _ value: (FeedCounts) -> Int
    ) {
        writer.family(family) { samples in
            for (labels, count) in zip(labels, counts) { samples.write(Double(value(count)), labels: labels) }
        }
    }
}
