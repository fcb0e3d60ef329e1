import ExporterHTTP
import MarketData
import TradeFeeds

/// Decides whether enough streams flow: those that are proven alive, by data on the present connection or because the
/// venue has none, and those of a file that has been read to its end.
struct FlowCheck: Sendable {
    /// How many silent streams are named.
    static let namedStreams = 20

    /// The instruments of each feed, in the order of the configuration.
    let instruments: [[InstrumentID]]
    let streams: StreamTable
    /// The share of streams that must flow, from 0 to 1.
    let minimumRatio: Double
    let latestSnapshot: LatestSnapshot

    /// Whether the share is reached, or which streams are silent.
    var flow: Readiness {
        let snapshot = latestSnapshot.value
        let followed = zip(instruments, snapshot.feeds).flatMap { ids, feed in ids.map { (id: $0, feed: feed) } }
        let silent = followed.filter { !isFlowing($0.id, of: $0.feed, in: snapshot) }
        let count = followed.count
        let flowing = count - silent.count
        if Double(flowing) >= minimumRatio * Double(count) { return .ready }
        let named = silent.prefix(Self.namedStreams).map { id, feed in
            "\(streams[id].instrument): \(reason(for: id, of: feed))"
        }
        let others = silent.count - named.count
        return .notReady(
            reasons: ["\(flowing) of \(count) streams flow; min_flowing_ratio is \(minimumRatio)"] + named
                + (others > 0 ? ["\(others) other streams are silent"] : [])
        )
    }

    private func isFlowing(_ id: InstrumentID, of feed: FeedSnapshot, in snapshot: MarketSnapshot) -> Bool {
        (feed.hasEnded && feed.now != nil) || snapshot.instruments[id]?.isUp == true
    }

    private func reason(for id: InstrumentID, of feed: FeedSnapshot) -> String {
        if feed.refusedStreams.contains(id) { return "the venue refuses it" }
        if feed.deadStreams.contains(id) { return "it does not bring what the venue has" }
        if feed.state != .flowing { return "the feed is \(feed.state.rawValue)" }
        return "no data on the present connection"
    }
}
