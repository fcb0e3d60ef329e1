import MarketData

/// The states of all parts of a feed. A part has two connections while the second replaces the first.
struct ConnectionBoard: Sendable {
    private struct Part {
        var streams: [InstrumentID]
        /// The state without a connection.
        var resting: FeedState
        var hasBegun = false
        var connections: [Int: FeedState] = [:]

        /// The state of the better connection.
        var state: FeedState {
            connections.values.min { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? resting
        }

        /// Whether the venue refuses every stream, so that no connection is needed.
        var isRefused: Bool { hasBegun && connections.isEmpty && resting == .stopped }
    }

    private var parts: [Int: Part] = [:]

    /// The state of the feed, which is that of its worst part; a part whose streams are all refused does not count.
    var state: FeedState {
        let states = parts.values.filter { !$0.isRefused }.map(\.state)
        return states.max { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? .stopped
    }

    /// Whether trades arrive on any connection, so that the feed's clock may advance.
    var isAnyFlowing: Bool { parts.values.contains { $0.state == .flowing } }

    /// Replaces the parts and their streams; those that stay keep their connections.
    mutating func update(to streams: [Int: [InstrumentID]]) {
        // A part added to others counts as connecting, so that the feed does not count as stopped because of it.
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

    /// Removes a connection.
    /// - Returns: the streams that lost their flowing connection.
    mutating func end(_ connection: ConnectionID, then state: FeedState) -> [InstrumentID] {
        guard var part = parts[connection.part] else { return [] }
        let wasFlowing = part.state == .flowing
        part.connections[connection.generation] = nil
        (part.resting, part.hasBegun) = (state, true)
        parts[connection.part] = part
        return wasFlowing && part.state != .flowing ? part.streams : []
    }
}
