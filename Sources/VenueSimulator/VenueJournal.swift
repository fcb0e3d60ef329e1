import Synchronization

/// The shared state of all connections of a simulated venue.
final class VenueJournal: Sendable {
    private struct State {
        var log = VenueLog()
        /// The position in the recording after the last frame sent of each stream.
        var positions: [String: Int] = [:]
        var lastSent: [String] = []
        var usedWeight = 0
        var minute = ContinuousClock.now
        var marketStart: ContinuousClock.Instant?
        /// The position of the next frame of each connection that follows the market.
        var followers: [Int: Int] = [:]
        var followed = 0
    }

    /// The greatest number of frames that can be sent again.
    private static let sentLimit = 100

    private let state = Mutex(State())

    var log: VenueLog { state.withLock { $0.log } }

    func record(_ change: (inout VenueLog) -> Void) {
        state.withLock { change(&$0.log) }
    }

    /// The frames from the recording that were sent last.
    var lastSent: [String] { state.withLock { $0.lastSent } }

    func recordSent(_ texts: [String]) {
        state.withLock { $0.lastSent = ($0.lastSent + texts.suffix(Self.sentLimit)).suffix(Self.sentLimit) }
    }

    /// Records a request to the REST interface and returns the number of earlier ones.
    func number(ofRequest target: String) -> Int {
        state.withLock { state in
            state.log.restRequests.append(target)
            return state.log.restRequests.count - 1
        }
    }

    /// Returns the next frames of the streams, at most `limit`, and advances the positions of the streams.
    func dequeue(_ limit: Int, of streams: Set<String>, from recording: VenueRecording) -> [String] {
        state.withLock { state in
            var texts: [String] = []
            var index = streams.map { state.positions[$0, default: 0] }.min() ?? recording.frames.count
            while index < recording.frames.count, texts.count < limit {
                let frame = recording.frames[index]
                if streams.contains(frame.stream), index >= state.positions[frame.stream, default: 0] {
                    texts.append(frame.text)
                    state.positions[frame.stream] = index + 1
                }
                index += 1
            }
            if index == recording.frames.count { for stream in streams { state.positions[stream] = index } }
            return texts
        }
    }

    /// The number of frames of a market with this rate since the first call.
    func marketPosition(perSecond rate: Double) -> Int {
        let start = state.withLock { state in
            let start = state.marketStart ?? .now
            state.marketStart = start
            return start
        }
        return Int(start.duration(to: .now) / .seconds(1) * rate)
    }

    /// Begins to follow the market, at the next frame of the slowest connection that follows it, so that a slow venue
    /// omits no frame between two connections.
    func beginFollowing(perSecond rate: Double) -> (follower: Int, next: Int) {
        let present = marketPosition(perSecond: rate)
        return state.withLock { state in
            let next = min(present, state.followers.values.min() ?? present)
            state.followed += 1
            state.followers[state.followed] = next
            return (state.followed, next)
        }
    }

    /// Records the next frame of a connection that follows the market, nil at its end.
    func record(_ follower: Int, next: Int?) {
        state.withLock { $0.followers[follower] = next }
    }

    /// Adds the weight of a request and returns the weight used within the minute.
    func use(weight: Int) -> Int {
        state.withLock { state in
            if state.minute.duration(to: .now) > .seconds(60) {
                state.minute = .now
                state.usedWeight = 0
            }
            state.usedWeight += weight
            return state.usedWeight
        }
    }
}
