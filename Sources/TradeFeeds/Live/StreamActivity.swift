import MarketData
import Synchronization

/// When each stream of a feed last brought something, and which id is the greatest known: written once per read by the
/// connections, read by the watch over silent streams.
final class StreamActivity: Sendable {
    /// What is known of one stream.
    struct Entry: Sendable {
        fileprivate var followed = FollowedID()
        /// The greatest id that was handed over, in an earlier run too.
        var lastID: Int64? { followed.lastID }
        /// The greatest time of a trade that was handed over.
        var lastTradeTime: Timestamp { followed.lastTime }
        /// When the last trade came over the socket.
        var lastTrade: ContinuousClock.Instant?
        /// The connection of that trade, or on which the greatest id was last compared with the venue's: from there on every
        /// id must come.
        var provenOn: ConnectionID?
        /// What the venue last said that its greatest id is, and when.
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
        /// When any trade last came over a part's sockets.
        var lastTrades: [Int: ContinuousClock.Instant] = [:]

        mutating func change(_ instrument: InstrumentID, _ change: (inout Entry) -> Void) {
            let index = Int(instrument.index)
            if entries.indices.contains(index) { change(&entries[index]) }
        }
    }

    private let state = Mutex(State())

    /// Begins with streams of which nothing has come yet.
    /// - Parameter positions: the last trade known of each stream.
    func add(_ streams: [InstrumentID], positions: [InstrumentID: StreamPosition]) {
        state.withLock { state in
            let count = (streams.max().map { Int($0.index) } ?? -1) + 1
            while state.entries.count < count { state.entries.append(Entry()) }
            for stream in streams {
                var entry = Entry()
                if let position = positions[stream] {
                    entry.followed = FollowedID(lastID: position.lastID, lastTime: position.lastTime)
                }
                state.change(stream) { $0 = entry }
            }
        }
    }

    /// What is known of a stream; nothing of one that was never added.
    subscript(instrument: InstrumentID) -> Entry {
        state.withLock { state in
            let index = Int(instrument.index)
            return state.entries.indices.contains(index) ? state.entries[index] : Entry()
        }
    }

    /// When any trade last came over a part's sockets.
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

    /// Notes what the venue's greatest id is, from which on every id must come over a connection.
    func prove(_ instrument: InstrumentID, lastID: Int64, time: Timestamp? = nil, on connection: ConnectionID) {
        state.withLock { state in
            state.change(instrument) {
                $0.followed.raise(to: lastID, at: time)
                $0.provenOn = connection
            }
        }
    }
}
