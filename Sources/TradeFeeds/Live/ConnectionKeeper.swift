import Logging
import MarketData
import NIOCore

/// Keeps one part of a feed's streams connected: opens, waits for the end, opens again after a pause; and where a
/// connection should give way, opens the next one first, so that no trade falls between them.
struct ConnectionKeeper<Adapter: VenueAdapter>: Sendable {
    /// How long two connections overlap once the second flows: what the first still carries arrives meanwhile.
    private static var overlap: Duration { .seconds(1) }

    let shared: LiveFeedShared<Adapter>
    let part: Int
    let ids: [InstrumentID]
    /// Books the next attempt within the budget that all parts share.
    let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant

    private struct Life {
        var generation: Int
        var control: ConnectionControl
        /// Why it was opened while another lived.
        var reason: DisconnectReason?
        /// Why it should give way itself, before it has taken over.
        var isDue: DisconnectReason?
    }

    /// Runs until cancelled.
    func run() async throws {
        let (events, sink) = AsyncStream.makeStream(of: KeeperEvent.self)
        // Connections come and go for months: a group that kept what has ended would grow.
        await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var backoff = ReconnectBackoff()
            var generator = SystemRandomNumberGenerator()
            var generations = 0
            func open(after instant: ContinuousClock.Instant, reason: DisconnectReason? = nil) -> Life {
                let life = Life(generation: generations, control: ConnectionControl(), reason: reason)
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
                    ended(generation, disconnect)
                    guard generation == leader.generation || generation == successor?.generation else { continue }
                    if generation == leader.generation, let next = successor {
                        leader = next
                        successor = nil
                        if let reason = next.isDue { sink.yield(.replace(generation: next.generation, reason)) }
                    } else {
                        let wait = max(
                            backoff.delay(afterFlowing: disconnect.flow, using: &generator),
                            disconnect.retryAfter ?? .zero
                        )
                        if let retryAfter = disconnect.retryAfter { await shared.client.hold(for: retryAfter) }
                        log(
                            .warning,
                            "disconnected, connecting again",
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
                case .flowing:
                    break
                }
            }
        }
        throw CancellationError()
    }

    private func ended(_ generation: Int, _ disconnect: Disconnect) {
        shared.counters.update { $0.disconnects[disconnect.reason, default: 0] += 1 }
        let connection = ConnectionID(part: part, generation: generation)
        shared.queue.offer(.ended(connection, then: .backingOff, at: .now))
    }

    /// One connection from the wait before it to its end.
    private func connect(
        _ life: Life,
        after instant: ContinuousClock.Instant,
        events: AsyncStream<KeeperEvent>.Continuation
    ) async throws {
        try await Task.sleep(until: reserve(instant), clock: .continuous)
        let id = ConnectionID(part: part, generation: life.generation)
        let own = shared.streams.filter { ids.contains($0.key) }
        let streams = ids.compactMap { own[$0] }
        let endpoint = shared.adapter.endpoint(for: streams)
        shared.queue.offer(.connection(id, .connecting, at: .now))
        var logger = shared.logger
        logger[metadataKey: "connection"] = "\(part).\(life.generation)"
        logger[metadataKey: "server"] = "\(endpoint)"
        let connection = WebSocketConnection(endpoint: endpoint, tls: shared.tls) { [logger] channel, end in
            let handler = TradeFrameHandler(
                decoder: shared.adapter.makeDecoder(for: own),
                setup: ConnectionSetup(
                    id: id,
                    idleTimeout: shared.configuration.idleTimeout,
                    activity: shared.activity,
                    events: events
                ),
                queue: shared.queue,
                counters: shared.counters,
                end: end,
                logger: logger
            )
            let requests = RequestHandler(
                messages: shared.adapter.subscription(to: streams),
                interval: shared.adapter.messageInterval,
                keepAlive: shared.adapter.keepAlive
            )
            try channel.pipeline.syncOperations.addHandlers([requests, handler])
            let handlers = NIOLoopBound((requests: requests, frames: handler), eventLoop: channel.eventLoop)
            life.control.opened { [eventLoop = channel.eventLoop] command in
                eventLoop.execute {
                    switch command {
                    case .send(let messages): handlers.value.requests.send(messages)
                    case .close(let reason, let detail): handlers.value.frames.close(reason, detail)
                    }
                }
            }
            shared.counters.update { $0.connects += 1 }
            shared.queue.offer(.connection(id, .subscribed, at: .now))
            logger.info("connected, waiting for the first trade", metadata: ["streams": "\(own.count)"])
        }
        let ageing = Task { [lifetime] in
            guard let lifetime else { return }
            try await Task.sleep(for: lifetime)
            events.yield(.replace(generation: life.generation, .lifetime))
        }
        defer { ageing.cancel() }
        let disconnect = await connection.run()
        life.control.ended()
        guard let disconnect else { throw CancellationError() }
        events.yield(.ended(generation: life.generation, disconnect))
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
