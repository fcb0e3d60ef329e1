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
        writer.family(FeedMetrics.disconnects) { samples in
            for (labels, count) in zip(labels, counts) {
                for reason in DisconnectReason.allCases {
                    let value = Double(count.disconnects[reason] ?? 0)
                    samples.write(value, labels: labels.appending("reason", reason.rawValue))
                }
            }
        }
        write(FeedMetrics.resubscribes, counts, into: &writer, \.resubscribes)
        write(FeedMetrics.frames, counts, into: &writer, \.frames)
        write(FeedMetrics.receivedBytes, counts, into: &writer, \.receivedBytes)
        writer.family(FeedMetrics.decodeFailures) { samples in
            for (labels, count) in zip(labels, counts) {
                for reason in DecodeFailure.allCases {
                    let value = Double(count.decodeFailures[reason] ?? 0)
                    samples.write(value, labels: labels.appending("reason", reason.rawValue))
                }
            }
        }
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
        writer.family(FeedMetrics.repairRequests) { samples in
            for (labels, count) in zip(labels, counts) {
                for outcome in RequestOutcome.allCases {
                    let value = Double(count.repairRequests[outcome] ?? 0)
                    samples.write(value, labels: labels.appending("outcome", outcome.rawValue))
                }
            }
        }
        write(FeedMetrics.failedRequests, counts, into: &writer, \.failedRequests)
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
