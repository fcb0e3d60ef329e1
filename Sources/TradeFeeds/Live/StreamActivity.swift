import MarketData
import Synchronization

/// When each stream of a feed last delivered a trade, and its greatest known id. The connections write it once per
/// read; ``StaleStreamDetector`` reads it.
final class StreamActivity: Sendable {
    /// The activity of one stream.
    struct Entry: Sendable {
        fileprivate var followed: FollowedID
        /// The greatest id that was delivered, also in an earlier run.
        var lastID: Int64? { followed.lastID }
        /// The greatest time of a delivered trade.
        var lastTradeTime: Timestamp { followed.lastTime }
        /// When the last trade arrived over the socket.
        var lastTrade: ContinuousClock.Instant?
        /// The connection of that trade, or the one on which the greatest id was last compared with the venue's; every
        /// later id must arrive over it.
        var provenOn: ConnectionID?
        /// The venue's greatest id by its last heartbeat, and the time of that heartbeat.
        var heartbeat: (lastID: Int64, instant: ContinuousClock.Instant)?

        fileprivate mutating func record(
            _ trade: Trade,
            on connection: ConnectionID,
            at instant: ContinuousClock.Instant
        ) {
            if trade.discard != .time, TradeSequence.validIDs.contains(trade.id) { followed.follow(trade) }
            lastTrade = instant
            provenOn = connection
        }
    }

    private struct State {
        /// By the instrument's index.
        var entries: [Entry] = []
        /// When any trade last arrived over a part's sockets.
        var lastTrades: [Int: ContinuousClock.Instant] = [:]

        mutating func change(_ instrument: InstrumentID, _ change: (inout Entry) -> Void) {
            let index = Int(instrument.index)
            if entries.indices.contains(index) { change(&entries[index]) }
        }
    }

    private let state = Mutex(State())
    private let hasConsecutiveIDs: Bool

    /// - Parameter hasConsecutiveIDs: see ``VenueAdapter/hasConsecutiveIDs``.
    init(hasConsecutiveIDs: Bool = true) {
        self.hasConsecutiveIDs = hasConsecutiveIDs
    }

    private var unknown: Entry { Entry(followed: FollowedID(isConsecutive: hasConsecutiveIDs)) }

    /// Adds streams without activity.
    /// - Parameter positions: the last known trade of each stream.
    func add(_ streams: [InstrumentID], positions: [InstrumentID: StreamPosition]) {
        state.withLock { state in
            let count = (streams.max().map { Int($0.index) } ?? -1) + 1
            while state.entries.count < count { state.entries.append(unknown) }
            for stream in streams {
                var entry = unknown
                if let position = positions[stream] {
                    // Otherwise the stored ids are not the venue's.
                    entry.followed = FollowedID(
                        lastID: hasConsecutiveIDs ? position.lastID : nil,
                        lastTime: position.lastTime,
                        isConsecutive: hasConsecutiveIDs
                    )
                }
                state.change(stream) { $0 = entry }
            }
        }
    }

    /// The activity of a stream; empty for one that was never added.
    subscript(instrument: InstrumentID) -> Entry {
        state.withLock { state in
            let index = Int(instrument.index)
            return state.entries.indices.contains(index) ? state.entries[index] : unknown
        }
    }

    /// When any trade last arrived over a part's sockets.
    func lastTrade(ofPart part: Int) -> ContinuousClock.Instant? {
        state.withLock { $0.lastTrades[part] }
    }

    func record(_ trades: [Trade], on connection: ConnectionID, at instant: ContinuousClock.Instant) {
        state.withLock { state in
            state.lastTrades[connection.part] = instant
            for trade in trades {
                state.change(trade.instrument) { $0.record(trade, on: connection, at: instant) }
            }
        }
    }

    func recordHeartbeat(of instrument: InstrumentID, lastID: Int64, at instant: ContinuousClock.Instant) {
        state.withLock { state in
            state.change(instrument) { $0.heartbeat = (lastID, instant) }
        }
    }

    /// Records the venue's greatest id; every later id must arrive over the connection.
    func prove(_ instrument: InstrumentID, lastID: Int64, time: Timestamp? = nil, on connection: ConnectionID) {
        state.withLock { state in
            state.change(instrument) {
                $0.followed.raise(to: lastID, at: time)
                $0.provenOn = connection
            }
        }
    }
}
