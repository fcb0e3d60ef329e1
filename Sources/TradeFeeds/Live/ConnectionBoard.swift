import MarketData

/// How far every part of a feed has come; a part has two connections while one takes over from the other.
struct ConnectionBoard: Sendable {
    private struct Part {
        var streams: [InstrumentID]
        /// That without a connection; nil before the first one.
        var resting: FeedState?
        var connections: [Int: FeedState] = [:]

        /// That of the better connection.
        var state: FeedState {
            connections.values.min { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? resting ?? .stopped
        }

        /// Whether the venue refuses every stream, so that no connection is wanted.
        var isRefused: Bool { connections.isEmpty && resting == .stopped }
    }

    private var parts: [Part]

    /// - Parameter parts: the streams of each part.
    init(parts: [[InstrumentID]]) {
        self.parts = parts.map { Part(streams: $0) }
    }

    /// The state of the feed: that of its worst part; one whose streams are all refused does not count.
    var state: FeedState {
        parts.filter { !$0.isRefused }.map(\.state).max { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? .stopped
    }

    /// Whether trades arrive on any connection, so that the feed's clock may go on.
    var isAnyFlowing: Bool { parts.contains { $0.state == .flowing } }

    mutating func set(_ state: FeedState, of connection: ConnectionID) {
        parts[connection.part].connections[connection.generation] = state
    }

    /// Takes a connection away.
    /// - Returns: the streams that flow no longer.
    mutating func end(_ connection: ConnectionID, then state: FeedState) -> [InstrumentID] {
        let wasFlowing = parts[connection.part].state == .flowing
        parts[connection.part].connections[connection.generation] = nil
        parts[connection.part].resting = state
        return wasFlowing && parts[connection.part].state != .flowing ? parts[connection.part].streams : []
    }
}
