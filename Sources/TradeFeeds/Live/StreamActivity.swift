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
        var entries: [Entry]
        /// When any trade last came over a part's sockets.
        var lastTrades: [Int: ContinuousClock.Instant] = [:]
    }

    private let state: Mutex<State>

    /// - Parameter positions: the last trade known of each stream.
    init(streams: [InstrumentID], positions: [InstrumentID: StreamPosition]) {
        let count = (streams.max().map { Int($0.index) } ?? -1) + 1
        var entries = Array(repeating: Entry(), count: count)
        for (instrument, position) in positions where entries.indices.contains(Int(instrument.index)) {
            entries[Int(instrument.index)].followed = FollowedID(
                lastID: position.lastID,
                lastTime: position.lastTime
            )
        }
        state = Mutex(State(entries: entries))
    }

    subscript(instrument: InstrumentID) -> Entry {
        state.withLock { $0.entries[Int(instrument.index)] }
    }

    /// When any trade last came over a part's sockets.
    func lastTrade(ofPart part: Int) -> ContinuousClock.Instant? {
        state.withLock { $0.lastTrades[part] }
    }

    func record(_ trades: [Trade], on connection: ConnectionID, at instant: ContinuousClock.Instant) {
        state.withLock { state in
            state.lastTrades[connection.part] = instant
            for trade in trades {
                state.entries[Int(trade.instrument.index)].record(trade, on: connection, at: instant)
            }
        }
    }

    func recordHeartbeat(of instrument: InstrumentID, lastID: Int64, at instant: ContinuousClock.Instant) {
        state.withLock { $0.entries[Int(instrument.index)].heartbeat = (lastID, instant) }
    }

    /// Notes what the venue's greatest id is, from which on every id must come over a connection.
    func prove(_ instrument: InstrumentID, lastID: Int64, time: Timestamp? = nil, on connection: ConnectionID) {
        state.withLock { state in
            let index = Int(instrument.index)
            state.entries[index].followed.raise(to: lastID, at: time)
            state.entries[index].provenOn = connection
        }
    }
}
