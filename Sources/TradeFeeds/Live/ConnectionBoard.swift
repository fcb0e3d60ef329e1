import MarketData

/// How far every part of a feed has come; a part has two connections while one takes over from the other.
struct ConnectionBoard: Sendable {
    private struct Part {
        var streams: [InstrumentID]
        /// That without a connection.
        var resting: FeedState
        var hasBegun = false
        var connections: [Int: FeedState] = [:]

        /// That of the better connection.
        var state: FeedState {
            connections.values.min { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? resting
        }

        /// Whether the venue refuses every stream, so that no connection is wanted.
        var isRefused: Bool { hasBegun && connections.isEmpty && resting == .stopped }
    }

    private var parts: [Int: Part] = [:]

    /// The state of the feed: that of its worst part; one whose streams are all refused does not count.
    var state: FeedState {
        let states = parts.values.filter { !$0.isRefused }.map(\.state)
        return states.max { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? .stopped
    }

    /// Whether trades arrive on any connection, so that the feed's clock may go on.
    var isAnyFlowing: Bool { parts.values.contains { $0.state == .flowing } }

    /// Replaces the parts and their streams; those that stay keep their connections.
    mutating func update(to streams: [Int: [InstrumentID]]) {
        // A part that is added to others is on the way: the feed does not stop for it.
        let resting: FeedState = parts.isEmpty ? .stopped : .connecting
        parts = Dictionary(
            uniqueKeysWithValues: streams.map { number, streams in
                var part = parts[number] ?? Part(streams: streams, resting: resting)
                part.streams = streams
                return (number, part)
            }
        )
    }

    mutating func set(_ state: FeedState, of connection: ConnectionID) {
        parts[connection.part]?.connections[connection.generation] = state
        parts[connection.part]?.hasBegun = true
    }

    /// Takes a connection away.
    /// - Returns: the streams that flow no longer.
    mutating func end(_ connection: ConnectionID, then state: FeedState) -> [InstrumentID] {
        guard var part = parts[connection.part] else { return [] }
        let wasFlowing = part.state == .flowing
        part.connections[connection.generation] = nil
        (part.resting, part.hasBegun) = (state, true)
        parts[connection.part] = part
        return wasFlowing && part.state != .flowing ? part.streams : []
    }
}
