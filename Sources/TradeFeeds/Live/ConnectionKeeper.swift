import Logging
import MarketData
import NIOCore

/// Keeps one part of a feed's streams connected: opens, waits for the end, opens again after a pause; and where a
/// connection should give way, opens the next one first, so that no trade falls between them.
struct ConnectionKeeper<Adapter: VenueAdapter>: Sendable {
    /// How long two connections overlap once the second flows: what the first still carries arrives meanwhile.
    private static var overlap: Duration { .seconds(1) }
    private static var pollInterval: Duration { .milliseconds(250) }

    let shared: LiveFeedShared<Adapter>
    let part: Int
    let ids: [InstrumentID]
    let events: AsyncStream<KeeperEvent>
    let sink: AsyncStream<KeeperEvent>.Continuation
    /// Books the next attempt within the budget that all parts share.
    let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant

    private struct Life {
        var generation: Int
        var control: ConnectionControl
        var dialogue: SubscriptionDialogue
        /// Why it was opened while another lived.
        var reason: DisconnectReason?
        /// Why it should give way itself, before it has taken over.
        var isDue: DisconnectReason?
        /// Whether streams were taken out because the venue refuses them, so that the next connection is another one.
        var isCorrected = false
    }

    /// Runs until cancelled.
    func run() async throws {
        // Connections come and go for months: a group that kept what has ended would grow.
        await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var backoff = ReconnectBackoff()
            var generator = SystemRandomNumberGenerator()
            var generations = 0
            func open(after instant: ContinuousClock.Instant, reason: DisconnectReason? = nil) -> Life {
                let life = Life(
                    generation: generations,
                    control: ConnectionControl(),
                    dialogue: SubscriptionDialogue(streams: own),
                    reason: reason
                )
                generations += 1
                // It throws when it is cancelled, and tells of everything else as an event.
                group.addTask { try? await connect(life, after: instant, events: sink) }
                return life
            }
            var leader = open(after: .now)
            var successor: Life?
            let watch = { (life: Life) in
                StreamWatch(
                    shared: shared,
                    connection: ConnectionID(part: part, generation: life.generation),
                    ids: ids,
                    control: life.control,
                    replace: { sink.yield(.replace(generation: life.generation, .deadStream)) }
                )
            }
            var watching = Task { [watch = watch(leader)] in try await watch.run() }
            defer { watching.cancel() }
            for await event in events {
                switch event {
                case .flowing(let generation) where generation == successor?.generation:
                    group.addTask {
                        guard (try? await Task.sleep(for: Self.overlap)) != nil else { return }
                        sink.yield(.takenOver(generation: generation))
                    }
                case .replace(let generation, let reason):
                    if generation == successor?.generation { successor?.isDue = reason }
                    guard generation == leader.generation, successor == nil else { continue }
                    log(.info, "opening the connection that takes over", ["reason": "\(reason.rawValue)"])
                    successor = open(after: .now, reason: reason)
                case .takenOver(let generation):
                    guard let next = successor, next.generation == generation else { continue }
                    leader.control.perform(.close(next.reason ?? .lifetime, "another connection has taken over"))
                    leader = next
                    successor = nil
                    if let reason = next.isDue { sink.yield(.replace(generation: generation, reason)) }
                    watching.cancel()
                    watching = Task { [watch = watch(leader)] in try await watch.run() }
                case .ended(let generation, let disconnect):
                    let isLast = generation == leader.generation && successor == nil
                    let isCorrected =
                        (generation == successor?.generation ? successor?.isCorrected : leader.isCorrected) ?? false
                    ended(generation, disconnect)
                    guard generation == leader.generation || generation == successor?.generation else { continue }
                    if generation == leader.generation, let next = successor {
                        leader = next
                        successor = nil
                        if let reason = next.isDue { sink.yield(.replace(generation: next.generation, reason)) }
                    } else {
                        let pause =
                            isCorrected ? .zero : backoff.delay(afterFlowing: disconnect.flow, using: &generator)
                        let wait = max(pause, disconnect.retryAfter ?? .zero)
                        if let retryAfter = disconnect.retryAfter { await shared.client.hold(for: retryAfter) }
                        log(
                            .warning,
                            isRefused
                                ? "disconnected, the venue refuses every stream" : "disconnected, connecting again",
                            [
                                "reason": "\(disconnect.reason.rawValue)", "detail": "\(disconnect.detail)",
                                "wait": "\(wait)",
                            ]
                        )
                        let next = open(after: .now + wait, reason: isLast ? nil : successor?.reason)
                        if isLast { leader = next } else { successor = next }
                    }
                    watching.cancel()
                    watching = Task { [watch = watch(leader)] in try await watch.run() }
                case .refused(let generation, let refusal):
                    if generation == leader.generation {
                        leader.isCorrected = true
                        await settle(refusal, on: leader)
                    } else if generation == successor?.generation, let next = successor {
                        successor?.isCorrected = true
                        await settle(refusal, on: next)
                    }
                case .follow, .opened:
                    complete(leader)
                    complete(successor)
                case .flowing, .accepted, .timeout:
                    break
                }
            }
        }
        throw CancellationError()
    }

    private func ended(_ generation: Int, _ disconnect: Disconnect) {
        shared.counters.update { $0.disconnects[disconnect.reason, default: 0] += 1 }
        let connection = ConnectionID(part: part, generation: generation)
        shared.queue.offer(.ended(connection, then: isRefused ? .stopped : .backingOff, at: .now))
    }

    /// Whether no stream is left to ask for: all are refused, or apart until their trial.
    private var isRefused: Bool { shared.register.followed(of: ids).isEmpty }

    /// One connection from the wait before it to its end.
    private func connect(
        _ life: Life,
        after instant: ContinuousClock.Instant,
        events: AsyncStream<KeeperEvent>.Continuation
    ) async throws {
        // A venue that refuses every stream is asked for them one by one, see ``StreamTrials``.
        while isRefused { try await Task.sleep(for: Self.pollInterval) }
        var streams: [InstrumentID] = []
        while streams.isEmpty {
            try await Task.sleep(until: reserve(max(.now, instant)), clock: .continuous)
            streams = shared.register.followed(of: ids)
        }
        let ageing = Task { [lifetime] in
            guard let lifetime else { return }
            try await Task.sleep(for: lifetime)
            events.yield(.replace(generation: life.generation, .lifetime))
        }
        defer { ageing.cancel() }
        let disconnect = await FeedConnection(
            shared: shared,
            id: ConnectionID(part: part, generation: life.generation),
            own: own,
            streams: streams,
            dialogue: life.dialogue,
            control: life.control,
            events: events
        ).run()
        guard let disconnect else { throw CancellationError() }
        events.yield(.ended(generation: life.generation, disconnect))
    }

    private var own: [InstrumentID: TradeStream] {
        shared.streams.filter { ids.contains($0.key) }
    }

    /// Asks an open connection for the streams that it should carry and was not asked for.
    private func complete(_ life: Life?) {
        guard let life, life.control.openedAt != nil else { return }
        let asked = life.dialogue.asked
        ask(life, for: shared.register.followed(of: ids).filter { !asked.contains($0) })
    }

    private func ask(_ life: Life, for streams: [InstrumentID]) {
        guard !streams.isEmpty else { return }
        life.dialogue.ask(streams)
        life.control.perform(.send([shared.adapter.message(.subscribe, streams.compactMap { shared.streams[$0] })]))
    }

    /// Goes on without the streams that the venue refuses.
    private func settle(_ refusal: SubscriptionRefusal, on life: Life) async {
        // It throws when it is cancelled.
        guard (try? await shared.register.settle(refusal, shared)) != nil else { return }
        if isRefused {
            life.control.perform(.close(.refused, "the venue refuses every stream"))
        } else if shared.adapter.refusesWholeRequests {
            ask(life, for: shared.register.followed(of: refusal.unanswered))
        }
    }

    /// A little less than the venue allows, not the same for all, so that they do not all go at once.
    private var lifetime: Duration? {
        (shared.configuration.connectionLifetime ?? shared.adapter.connectionLifetime).map {
            $0 * Double.random(in: 0.94...0.98)
        }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        var logger = shared.logger
        logger[metadataKey: "connection"] = "\(part)"
        logger[metadataKey: "server"] = "\(shared.adapter.endpoint(for: ids.compactMap { shared.streams[$0] }))"
        logger.log(level: level, message, metadata: metadata)
    }
}
