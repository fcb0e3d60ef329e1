import Synchronization

/// The state that all connections of a simulated venue share.
final class VenueJournal: Sendable {
    private struct State {
        var log = VenueLog()
        /// The position in the recording after the last frame sent of each stream.
        var positions: [String: Int] = [:]
        var lastSent: [String] = []
        var usedWeight = 0
        var minute = ContinuousClock.now
        var marketStart: ContinuousClock.Instant?
        /// The next frame of each connection that follows the market.
        var followers: [Int: Int] = [:]
        var followed = 0
    }

    /// Frames that can be sent again.
    private static let remembered = 100

    private let state = Mutex(State())

    var log: VenueLog { state.withLock { $0.log } }

    func note(_ change: (inout VenueLog) -> Void) {
        state.withLock { change(&$0.log) }
    }

    /// The last frames from the recording.
    var lastSent: [String] { state.withLock { $0.lastSent } }

    func remember(_ texts: [String]) {
        state.withLock { $0.lastSent = ($0.lastSent + texts.suffix(Self.remembered)).suffix(Self.remembered) }
    }

    /// Notes a request to the REST interface and returns how many came before it.
    func number(ofRequest target: String) -> Int {
        state.withLock { state in
            state.log.restRequests.append(target)
            return state.log.restRequests.count - 1
        }
    }

    /// Takes the next frames of some streams, at most so many, and remembers them as sent.
    func take(_ limit: Int, of streams: Set<String>, from recording: VenueRecording) -> [String] {
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

    /// How many frames a market of this rate has made since it was first asked for.
    func marketPosition(perSecond rate: Double) -> Int {
        let start = state.withLock { state in
            let start = state.marketStart ?? .now
            state.marketStart = start
            return start
        }
        return Int(start.duration(to: .now) / .seconds(1) * rate)
    }

    /// Begins to follow the market, at the next frame of the slowest connection that does so already, so that a venue that is
    /// held up leaves nothing out between two connections.
    func beginFollowing(perSecond rate: Double) -> (follower: Int, next: Int) {
        let present = marketPosition(perSecond: rate)
        return state.withLock { state in
            let next = min(present, state.followers.values.min() ?? present)
            state.followed += 1
            state.followers[state.followed] = next
            return (state.followed, next)
        }
    }

    /// Notes the next frame of a connection that follows the market, nil at its end.
    func note(_ follower: Int, next: Int?) {
        state.withLock { $0.followers[follower] = next }
    }

    /// Books the weight of a request and returns what is used within the minute.
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
