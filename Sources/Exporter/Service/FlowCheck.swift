import ExporterHTTP
import MarketData
import TradeFeeds

/// Decides whether enough streams flow: those that are proven alive, by data on the present connection or by the venue
/// having none, and those of a file that has been read to its end.
struct FlowCheck: Sendable {
    /// How many silent streams are named.
    static let namedStreams = 20

    /// The venue of each feed, in the order of the configuration.
    let venues: [Venue]
    let streams: StreamTable
    /// The share of streams that must flow, from 0 to 1.
    let minimumRatio: Double
    let latestSnapshot: LatestSnapshot

    /// Whether the share is reached, or which streams are silent.
    var flow: Readiness {
        let snapshot = latestSnapshot.value
        let silent = streams.ids.filter { !isFlowing($0, in: snapshot) }
        let count = streams.streams.count
        let flowing = count - silent.count
        if Double(flowing) >= minimumRatio * Double(count) { return .ready }
        let named = silent.prefix(Self.namedStreams).map { id in
            "\(streams[id].instrument): \(reason(for: id, in: snapshot))"
        }
        let others = silent.count - named.count
        return .notReady(
            reasons: ["\(flowing) of \(count) streams flow; min_flowing_ratio is \(minimumRatio)"] + named
                + (others > 0 ? ["\(others) other streams are silent"] : [])
        )
    }

    private func isFlowing(_ id: InstrumentID, in snapshot: MarketSnapshot) -> Bool {
        if let feed = feed(of: id, in: snapshot), feed.hasEnded, feed.now != nil { return true }
        let index = Int(id.index)
        return snapshot.isStreamUp.indices.contains(index) && snapshot.isStreamUp[index]
    }

    private func feed(of id: InstrumentID, in snapshot: MarketSnapshot) -> FeedSnapshot? {
        zip(venues, snapshot.feeds).first { $0.0 == streams[id].instrument.venue }?.1
    }

    private func reason(for id: InstrumentID, in snapshot: MarketSnapshot) -> String {
        guard let feed = feed(of: id, in: snapshot) else { return "it has no feed" }
        if feed.refusedStreams.contains(id) { return "the venue refuses it" }
        if feed.deadStreams.contains(id) { return "it does not bring what the venue has" }
        if feed.state != .flowing { return "the feed is \(feed.state.rawValue)" }
        return "no data on the present connection"
    }
}
