import Logging
import MarketData
import Synchronization

/// The streams of a running feed, shared by its connections and trials: the part that carries each stream, the streams
/// that the venue refuses, and the effects of a refusal.
struct StreamRegister<Adapter: VenueAdapter>: Sendable {
    private struct State {
        var allocation: StreamAllocation
        var roster = StreamRoster()
        /// Streams of instruments that the venue's REST interface does not have.
        var denied: Set<InstrumentID> = []
        /// The events of each part's supervisor.
        var supervisors: [Int: AsyncStream<ConnectionEvent>.Continuation] = [:]
    }

    private final class Box: Sendable {
        let state: Mutex<State>

        init(_ state: State) {
            self.state = Mutex(state)
        }
    }

    private let box: Box

    /// - Parameter capacity: the most streams of a part.
    init(capacity: Int) {
        box = Box(State(allocation: StreamAllocation(capacity: capacity)))
    }

    /// Follows these streams and no others; the parts and states of streams that stay do not change.
    func update(to streams: Set<InstrumentID>) -> (StreamAllocation.Change, parts: [Int: [InstrumentID]]) {
        box.state.withLock { state in
            let change = state.allocation.update(to: streams)
            state.roster.removeRecords(of: change.removed)
            state.denied.subtract(change.removed)
            return (change, state.allocation.parts)
        }
    }

    /// The events of a part's supervisor, and their continuation.
    func makeEvents(ofPart part: Int) -> (AsyncStream<ConnectionEvent>, AsyncStream<ConnectionEvent>.Continuation) {
        let (events, sink) = AsyncStream.makeStream(of: ConnectionEvent.self)
        box.state.withLock { $0.supervisors[part] = sink }
        return (events, sink)
    }

    /// Sends an event to the supervisors of some parts.
    func notify(_ parts: [Int], of event: ConnectionEvent) {
        let supervisors = box.state.withLock { state in parts.compactMap { state.supervisors[$0] } }
        for supervisor in supervisors { supervisor.yield(event) }
    }

    /// Ends the events of a part that is closed.
    func removeSupervisor(ofPart part: Int) {
        box.state.withLock { _ = $0.supervisors.removeValue(forKey: part) }
    }

    /// The streams that a part carries, including refused ones.
    func carried(byPart part: Int) -> [InstrumentID] {
        box.state.withLock { $0.allocation.parts[part] ?? [] }
    }

    /// The streams that a part's connections request.
    func followed(byPart part: Int) -> [InstrumentID] {
        box.state.withLock { state in (state.allocation.parts[part] ?? []).filter { state.roster.isFollowed($0) } }
    }

    /// Records that the venue's REST interface has no such instrument; false where that was recorded before. The
    /// subscription stays: a venue that did not refuse it sends trades once the instrument is listed.
    func deny(_ stream: InstrumentID) -> Bool {
        box.state.withLock { $0.allocation.contains(stream) && $0.denied.insert(stream).inserted }
    }

    /// Records that the venue has the instrument; false where that was recorded before.
    func admit(_ stream: InstrumentID) -> Bool {
        box.state.withLock { $0.denied.remove(stream) != nil }
    }

    func beginTrial() -> [InstrumentID]? {
        box.state.withLock { $0.roster.beginTrial(at: .now) }
    }

    func abandonTrial() {
        box.state.withLock { $0.roster.abandonTrial(at: .now) }
    }

    /// Removes streams that the venue refuses; when the refusal does not name one of several, they are tried on a
    /// separate connection.
    func settle(_ refusal: SubscriptionRefusal, _ shared: LiveFeedShared<Adapter>) async throws {
        if refusal.isNamed || refusal.streams.count == 1 {
            try await refuse(refusal, shared)
        } else {
            try await suspect(refusal, shared)
        }
    }

    private func refuse(_ refusal: SubscriptionRefusal, _ shared: LiveFeedShared<Adapter>) async throws {
        let (streams, fresh) = box.state.withLock { state in
            let streams = refusal.streams.filter { state.allocation.contains($0) }
            return (streams, state.roster.refuse(streams, isNamed: refusal.isNamed, at: .now))
        }
        for stream in fresh {
            shared.logger.warning(
                "the venue refuses a stream, continuing without it",
                metadata: ["stream": "\(shared.name(of: stream))", "text": "\(refusal.errorText)"]
            )
        }
        if !streams.isEmpty { try await shared.deliver([.streams(streams, .refused)]) }
    }

    private func suspect(_ refusal: SubscriptionRefusal, _ shared: LiveFeedShared<Adapter>) async throws {
        let streams = box.state.withLock { state in
            let streams = refusal.streams.filter { state.allocation.contains($0) }
            state.roster.suspect(streams)
            return streams
        }
        guard !streams.isEmpty else { return }
        shared.logger.warning(
            "the venue refuses a request without naming a stream, trying its streams separately",
            metadata: ["streams": .stringConvertible(streams.count), "text": "\(refusal.errorText)"]
        )
        try await shared.deliver([.streams(streams, .waiting)])
    }

    /// Follows streams again that the venue accepts.
    func accept(_ streams: [InstrumentID], _ shared: LiveFeedShared<Adapter>) async throws {
        let (returned, supervisors) = box.state.withLock { state in
            let followed = streams.filter { state.allocation.contains($0) }
            return (state.roster.accept(followed, at: .now), Array(state.supervisors.values))
        }
        for stream in returned {
            shared.logger.info(
                "the venue accepts a stream that it had refused",
                metadata: ["stream": "\(shared.name(of: stream))"]
            )
        }
        for supervisor in supervisors { supervisor.yield(.streamsChanged) }
        if !returned.isEmpty { try await shared.deliver([.streams(returned, .listed)]) }
    }
}
