import ExporterHTTP
import PairEngine
import TradeFeeds

/// Decides whether the exporter has something to say: every feed flows and a window is warm.
struct ReadinessCheck: Sendable {
    let venues: [String]
    let board: SnapshotBoard

    /// Ready, or what is missing.
    var readiness: Readiness {
        let snapshot = board.latest
        var reasons: [String] = []
        for (venue, feed) in zip(venues, snapshot.feeds) where feed.state != .flowing {
            if feed.hasEnded, feed.now != nil { continue }
            reasons.append("feed \(venue) is \(feed.state.rawValue): no data on the present connection")
        }
        if !snapshot.readings.contains(where: { $0.fit.value != nil }) {
            let filled = snapshot.readings.map(\.fillRatio).max() ?? 0
            reasons.append("no window is warm: the fullest has \(Int(filled * 100)) % of its bars")
        }
        return reasons.isEmpty ? .ready : .notReady(reasons: reasons)
    }
}
