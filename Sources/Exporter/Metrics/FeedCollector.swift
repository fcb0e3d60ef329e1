import MarketData
import PrometheusExposition
import TradeFeeds

/// Writes what feeds have done and how they are.
struct FeedCollector: MetricCollector {
    private let feeds: [any TradeFeed]
    private let labels: [LabelSet]
    private let board: SnapshotBoard

    init(feeds: [any TradeFeed], board: SnapshotBoard) {
        self.feeds = feeds
        labels = feeds.map { ["venue": $0.venue.rawValue] }
        self.board = board
    }

    func collect(into writer: inout MetricsWriter) {
        let snapshots = board.latest.feeds
        let counts = feeds.map { $0.counters.snapshot() }
        writer.family(FeedMetrics.up) { samples in
            for (labels, feed) in zip(labels, snapshots) {
                samples.write(feed.state == .flowing && feed.deadStreams.isEmpty ? 1 : 0, labels: labels)
            }
        }
        writer.family(FeedMetrics.state) { samples in
            for (labels, feed) in zip(labels, snapshots) {
                for state in FeedState.allCases {
                    samples.write(feed.state == state ? 1 : 0, labels: labels.appending("state", state.rawValue))
                }
            }
        }
        write(FeedMetrics.connects, counts, into: &writer, \.connects)
        write(FeedMetrics.disconnects, counts, by: "reason", into: &writer, \.disconnects)
        write(FeedMetrics.resubscribes, counts, into: &writer, \.resubscribes)
        write(FeedMetrics.frames, counts, into: &writer, \.frames)
        write(FeedMetrics.receivedBytes, counts, into: &writer, \.receivedBytes)
        write(FeedMetrics.decodeFailures, counts, by: "reason", into: &writer, \.decodeFailures)
        writer.family(FeedMetrics.delay) { samples in
            for (labels, feed) in zip(labels, snapshots) { samples.write(feed.delay, labels: labels) }
        }
        writer.family(FeedMetrics.processing) { samples in
            for (labels, feed) in zip(labels, snapshots) { samples.write(feed.processing, labels: labels) }
        }
        writer.family(FeedMetrics.negativeDelays) { samples in
            for (labels, feed) in zip(labels, snapshots) { samples.write(Double(feed.negativeDelays), labels: labels) }
        }
        writer.family(FeedMetrics.clockOffset) { samples in
            for (labels, feed) in zip(labels, snapshots) {
                samples.write(feed.clockOffset.map { Double($0) / 1e6 }, labels: labels)
            }
        }
        write(FeedMetrics.repairRequests, counts, by: "outcome", into: &writer, \.repairRequests)
        write(FeedMetrics.failedRequests, counts, into: &writer, \.failedRequests)
    }

    private func write<Case: CaseIterable & Hashable & RawRepresentable<String>>(
        _ family: MetricFamily,
        _ counts: [FeedCounts],
        by name: String,
        into writer: inout MetricsWriter,
        _ values: (FeedCounts) -> [Case: Int]
    ) {
        writer.family(family) { samples in
            for (labels, count) in zip(labels, counts) {
                let values = values(count)
                for key in Case.allCases {
                    samples.write(Double(values[key] ?? 0), labels: labels.appending(name, key.rawValue))
                }
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
