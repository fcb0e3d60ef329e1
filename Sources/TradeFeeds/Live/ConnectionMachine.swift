import MarketData

/// Decides which connections carry one part of a feed's streams. A connection that ends is opened again after a pause.
/// To replace a connection, a second one is opened first, so that no trade is lost between them.
///
/// A pure value: the streams, instants and random numbers are passed in, and the actions are returned.
struct ConnectionMachine: Sendable {
    /// How long two connections overlap once the second flows, so that trades in transit on the first still arrive.
    static let overlap = Duration.seconds(1)

    /// An action; the actions of one event are performed in order.
    enum Action: Hashable, Sendable {
        /// Reserve an attempt to connect; ``ConnectionEvent/attemptDue(generation:)`` follows.
        case book(generation: Int, notBefore: ContinuousClock.Instant)
        /// Connect and subscribe to these streams; send ``ConnectionEvent/replace(generation:_:)`` at the end of the
        /// lifetime.
        case open(generation: Int, [InstrumentID], lifetime: Duration?)
        /// Subscribe an open connection to the streams that it lacks, and unsubscribe from those that it need not
        /// carry.
        case adjust(generation: Int)
        /// Subscribe again to streams that the venue has refused together with others.
        case subscribeAgain(generation: Int, [InstrumentID])
        case close(generation: Int, DisconnectReason, String)
        /// Compare the silent streams of this connection, and of no other, with the venue's last trades.
        case watch(generation: Int)
        /// Wait before ``ConnectionEvent/overlapped(generation:)``.
        case overlap(generation: Int, Duration)
        /// Record the venue's refusal; ``ConnectionEvent/settled(generation:_:)`` follows.
        case settle(generation: Int, SubscriptionRefusal)
        /// Report that a connection has ended, and the state of the part without one.
        case release(generation: Int, FeedState)
        case count(DisconnectReason)
        /// Send no REST request for a while.
        case hold(Duration)
        case reportReplacement(DisconnectReason)
        case reportEnd(Disconnect, wait: Duration, hasStreams: Bool)
        /// End the supervision.
        case finish
    }

    private enum Phase: Equatable {
        /// The part has no stream to follow; once it has one, an attempt is reserved.
        case idle(notBefore: ContinuousClock.Instant)
        case booked
        case connecting
        case open
    }

    private struct Connection {
        let generation: Int
        var phase: Phase
        /// Why it was opened while another one was open.
        var reason: DisconnectReason?
        /// Why it should be replaced itself, before it has replaced the first connection.
        var successorReason: DisconnectReason?
        /// Whether the venue has refused streams, so that the next connection requests others and needs no pause.
        var isCorrected = false
    }

    private let lifetime: Duration?
    private let refusesCompleteRequests: Bool
    private var backoff = ReconnectBackoff()
    private var generations = 0
    /// The connection that carries the streams and, during a replacement, its successor.
    private var connections: [Connection] = []
    private var isRetired = false

    /// - Parameters:
    ///   - lifetime: the maximum age that the venue allows, nil for any age.
    ///   - refusesCompleteRequests: see ``VenueAdapter/refusesCompleteRequests``.
    init(lifetime: Duration?, refusesCompleteRequests: Bool) {
        self.lifetime = lifetime
        self.refusesCompleteRequests = refusesCompleteRequests
    }

    /// Reserves the first attempt.
    mutating func start(following streams: [InstrumentID], at now: ContinuousClock.Instant) -> [Action] {
        connections = []
        return add(at: 0, after: now, following: streams, reason: nil)
    }

    /// Processes an event and returns the resulting actions.
    /// - Parameter streams: the streams of the part that connections request at this moment.
    mutating func handle(
        _ event: ConnectionEvent,
        following streams: [InstrumentID],
        at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        switch event {
        case .attemptDue(let generation): attempt(generation, following: streams, at: now, using: &generator)
        case .opened(let generation): opened(generation)
        case .flowing(let generation):
            index(of: generation) == 1 ? [.overlap(generation: generation, Self.overlap)] : []
        case .replace(let generation, let reason): replace(generation, reason, following: streams, at: now)
        case .overlapped(let generation): completeReplacement(generation, following: streams, at: now)
        case .ended(let generation, let disconnect):
            end(generation, disconnect, following: streams, at: now, using: &generator)
        case .refused(let generation, let refusal): refuse(generation, refusal)
        case .settled(let generation, let refusal): settle(generation, refusal, following: streams)
        case .streamsChanged: adjust(following: streams, at: now)
        case .retired: retire()
        case .accepted, .answerOverdue: []
        }
    }

    private func index(of generation: Int) -> Int? {
        connections.firstIndex { $0.generation == generation }
    }

    /// Adds a new connection at an index, or replaces the one there.
    private mutating func add(
        at index: Int,
        after instant: ContinuousClock.Instant,
        following streams: [InstrumentID],
        reason: DisconnectReason?
    ) -> [Action] {
        let generation = generations
        generations += 1
        let phase = streams.isEmpty ? Phase.idle(notBefore: instant) : .booked
        let connection = Connection(generation: generation, phase: phase, reason: reason)
        if index < connections.count { connections[index] = connection } else { connections.append(connection) }
        return streams.isEmpty ? [] : [.book(generation: generation, notBefore: instant)]
    }

    private mutating func attempt(
        _ generation: Int,
        following streams: [InstrumentID],
        at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard let index = index(of: generation), connections[index].phase == .booked else { return [] }
        guard !streams.isEmpty else {
            connections[index].phase = .idle(notBefore: now)
            return []
        }
        connections[index].phase = .connecting
        // Slightly less than the venue allows, and random, so that not all connections are replaced at once.
        let lifetime = lifetime.map { $0 * Double.random(in: 0.94...0.98, using: &generator) }
        return [.open(generation: generation, streams, lifetime: lifetime)]
    }

    private mutating func opened(_ generation: Int) -> [Action] {
        guard let index = index(of: generation) else { return [] }
        connections[index].phase = .open
        return [.adjust(generation: generation)] + (index == 0 ? [.watch(generation: generation)] : [])
    }

    private mutating func replace(
        _ generation: Int,
        _ reason: DisconnectReason,
        following streams: [InstrumentID],
        at now: ContinuousClock.Instant
    ) -> [Action] {
        guard let index = index(of: generation), !isRetired else { return [] }
        if index == 1 { connections[index].successorReason = reason }
        guard index == 0, connections.count == 1 else { return [] }
        return [.reportReplacement(reason)] + add(at: 1, after: now, following: streams, reason: reason)
    }

    /// Makes the successor the one that carries the streams.
    private mutating func completeReplacement(
        _ generation: Int,
        following streams: [InstrumentID],
        at now: ContinuousClock.Instant
    ) -> [Action] {
        guard index(of: generation) == 1 else { return [] }
        let reason = connections[1].reason ?? .lifetime
        let close = Action.close(
            generation: connections[0].generation,
            reason,
            "another connection has taken over"
        )
        return [close] + promote(following: streams, at: now)
    }

    private mutating func promote(following streams: [InstrumentID], at now: ContinuousClock.Instant) -> [Action] {
        connections.removeFirst()
        let successor = connections[0]
        let watch: [Action] = successor.phase == .open ? [.watch(generation: successor.generation)] : []
        guard let reason = successor.successorReason else { return watch }
        connections[0].successorReason = nil
        return watch + replace(successor.generation, reason, following: streams, at: now)
    }

    private mutating func end(
        _ generation: Int,
        _ disconnect: Disconnect,
        following streams: [InstrumentID],
        at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        if isRetired {
            connections.removeAll { $0.generation == generation }
            return [.release(generation: generation, .stopped)] + (connections.isEmpty ? [.finish] : [])
        }
        var actions: [Action] = [
            .count(disconnect.reason), .release(generation: generation, streams.isEmpty ? .stopped : .backingOff),
        ]
        guard let index = index(of: generation) else { return actions }
        if index == 0, connections.count == 2 { return actions + promote(following: streams, at: now) }
        let ended = connections[index]
        let pause = ended.isCorrected ? .zero : backoff.delay(afterFlowing: disconnect.flow, using: &generator)
        let wait = max(pause, disconnect.retryAfter ?? .zero)
        if let retryAfter = disconnect.retryAfter { actions.append(.hold(retryAfter)) }
        actions.append(.reportEnd(disconnect, wait: wait, hasStreams: !streams.isEmpty))
        return actions + add(at: index, after: now + wait, following: streams, reason: index == 1 ? ended.reason : nil)
    }

    private mutating func refuse(_ generation: Int, _ refusal: SubscriptionRefusal) -> [Action] {
        guard let index = index(of: generation) else { return [] }
        connections[index].isCorrected = true
        return [.settle(generation: generation, refusal)]
    }

    /// Continues without the streams that the venue refuses.
    private func settle(
        _ generation: Int,
        _ refusal: SubscriptionRefusal,
        following streams: [InstrumentID]
    ) -> [Action] {
        guard let index = index(of: generation), connections[index].phase == .open else { return [] }
        if streams.isEmpty { return [Self.closeRefused(generation)] }
        let rest = refusal.unanswered.filter { streams.contains($0) }
        return refusesCompleteRequests && !rest.isEmpty ? [.subscribeAgain(generation: generation, rest)] : []
    }

    private mutating func adjust(following streams: [InstrumentID], at now: ContinuousClock.Instant) -> [Action] {
        var actions: [Action] = []
        for index in connections.indices {
            let generation = connections[index].generation
            switch connections[index].phase {
            case .idle(let instant) where !streams.isEmpty:
                connections[index].phase = .booked
                actions.append(.book(generation: generation, notBefore: max(now, instant)))
            case .open:
                actions.append(streams.isEmpty ? Self.closeRefused(generation) : .adjust(generation: generation))
            case .idle, .booked, .connecting:
                break
            }
        }
        return actions
    }

    /// Closes open connections and abandons attempts.
    private mutating func retire() -> [Action] {
        isRetired = true
        connections.removeAll { $0.phase != .open }
        if connections.isEmpty { return [.finish] }
        return connections.map { .close(generation: $0.generation, .closed, "its last stream was removed") }
    }

    private static func closeRefused(_ generation: Int) -> Action {
        .close(generation: generation, .refused, "the venue refuses every stream")
    }
}
