import ExporterHTTP
import PairEngine
import TradeFeeds

/// Decides whether the exporter has something to say: every feed flows, no stream is dead, and a reading is warm and current.
struct ReadinessCheck: Sendable {
    let venues: [String]
    let staleness: StalenessRule
    let board: SnapshotBoard

    /// Ready, or what is missing.
    var readiness: Readiness {
        let snapshot = board.latest
        var reasons: [String] = []
        for (venue, feed) in zip(venues, snapshot.feeds) where feed.state != .flowing {
            if feed.hasEnded, feed.now != nil { continue }
            reasons.append("feed \(venue) is \(feed.state.rawValue): no data on the present connection")
        }
        for (venue, feed) in zip(venues, snapshot.feeds) where !feed.deadStreams.isEmpty {
            reasons.append("feed \(venue): \(feed.deadStreams.count) streams do not bring what the venue has")
        }
        let missing = zip(snapshot.readings, staleness.isStale(in: snapshot)).map { reading, isStale in
            isStale ? UndefinedReason.stale : reading.fit.reason
        }
        if missing.allSatisfy({ $0 != nil }) {
            let filled = Int((snapshot.readings.map(\.fillRatio).max() ?? 0) * 100)
            let causes = Set(missing.compactMap { $0?.rawValue.replacing("_", with: " ") }).sorted()
            let list = causes.joined(separator: ", ")
            reasons.append("no pair has a reading: \(list); the fullest window has \(filled) % of its bars")
        }
        return reasons.isEmpty ? .ready : .notReady(reasons: reasons)
    }
}
