import Logging
import MarketData
import NIOCore

/// Keeps one part of a feed's streams connected: performs the actions of a ``ConnectionMachine``.
struct ConnectionSupervisor<Adapter: VenueAdapter> {
    private let shared: LiveFeedShared<Adapter>
    private let part: Int
    private let events: AsyncStream<ConnectionEvent>
    private let sink: AsyncStream<ConnectionEvent>.Continuation
    /// Reserves the next attempt within the budget that all parts share.
    private let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant

    private var machine: ConnectionMachine
    private var generator = SystemRandomNumberGenerator()
    private var connections: [Int: ConnectionHandle<Adapter>] = [:]
    private var watching: Task<Void, any Error>?

    init(
        shared: LiveFeedShared<Adapter>,
        part: Int,
        reserve: @escaping @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant
    ) {
        self.shared = shared
        self.part = part
        self.reserve = reserve
        (events, sink) = shared.register.makeEvents(ofPart: part)
        machine = ConnectionMachine(
            lifetime: shared.configuration.connectionLifetime ?? shared.adapter.connectionLifetime,
            refusesCompleteRequests: shared.adapter.refusesCompleteRequests
        )
    }

    /// Runs until cancelled or until the part has no stream left.
    mutating func run() async {
        // The feed runs for months and opens many connections; a group that kept their results would grow without
        // bound.
        await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var isDone = await perform(machine.start(following: followed, at: .now), in: &group)
            var iterator = events.makeAsyncIterator()
            while !isDone, let event = await iterator.next() {
                isDone = await perform(handle(event), in: &group)
            }
            watching?.cancel()
        }
    }

    private var followed: [InstrumentID] { shared.register.followed(byPart: part) }

    private mutating func handle(_ event: ConnectionEvent) -> [ConnectionMachine.Action] {
        machine.handle(event, following: followed, at: .now, using: &generator)
    }

    /// - Returns: whether the supervision has ended.
    private mutating func perform(
        _ actions: [ConnectionMachine.Action],
        in group: inout DiscardingTaskGroup
    ) async -> Bool {
        var isDone = false
        for action in actions {
            switch action {
            case .book(let generation, let instant):
                group.addTask { [sink, reserve] in
                    let due = reserve(max(.now, instant))
                    guard (try? await Task.sleep(until: due, clock: .continuous)) != nil else { return }
                    sink.yield(.attemptDue(generation: generation))
                }
            case .open(let generation, let streams, let lifetime):
                open(generation, streams, lifetime: lifetime, in: &group)
            case .adjust(let generation):
                connections[generation]?.change(to: carried, requesting: followed)
            case .subscribeAgain(let generation, let streams):
                connections[generation]?.subscribe(to: streams)
            case .close(let generation, let reason, let detail):
                connections[generation]?.control.perform(.close(reason, detail))
            case .watch(let generation):
                watch(generation)
            case .overlap(let generation, let duration):
                group.addTask { [sink] in
                    guard (try? await Task.sleep(for: duration)) != nil else { return }
                    sink.yield(.overlapped(generation: generation))
                }
            case .settle(let generation, let refusal):
                // It throws only when the task is cancelled.
                guard (try? await shared.register.settle(refusal, shared)) != nil else { return true }
                isDone = await perform(handle(.settled(generation: generation, refusal)), in: &group) || isDone
            case .release(let generation, let state):
                connections[generation] = nil
                shared.queue.offer(
                    .ended(ConnectionID(part: part, generation: generation), then: state, at: .now)
                )
            case .count(let reason):
                shared.counters.update { $0.disconnects[reason, default: 0] += 1 }
            case .hold(let duration):
                await shared.client.hold(for: duration)
            case .reportReplacement(let reason):
                log(.info, "opening a replacement connection", ["reason": "\(reason.rawValue)"])
            case .reportEnd(let disconnect, let wait, let hasStreams):
                log(
                    .warning,
                    hasStreams ? "disconnected, connecting again" : "disconnected, the venue refuses every stream",
                    ["reason": "\(disconnect.reason.rawValue)", "detail": "\(disconnect.detail)", "wait": "\(wait)"]
                )
            case .finish:
                isDone = true
            }
        }
        return isDone
    }

    /// Opens a connection, which runs until its end or the end of the supervision.
    private mutating func open(
        _ generation: Int,
        _ streams: [InstrumentID],
        lifetime: Duration?,
        in group: inout DiscardingTaskGroup
    ) {
        let own = carried
        let connection = ConnectionHandle(adapter: shared.adapter, streams: own)
        connections[generation] = connection
        let feedConnection = FeedConnection(
            shared: shared,
            id: ConnectionID(part: part, generation: generation),
            own: own,
            streams: streams,
            dialogue: connection.dialogue,
            control: connection.control,
            events: sink
        )
        group.addTask { [sink] in
            let ageing = Task {
                guard let lifetime else { return }
                try await Task.sleep(for: lifetime)
                sink.yield(.replace(generation: generation, .lifetime))
            }
            defer { ageing.cancel() }
            // Nil when it was cancelled.
            guard let disconnect = await feedConnection.run() else { return }
            sink.yield(.ended(generation: generation, disconnect))
        }
    }

    private mutating func watch(_ generation: Int) {
        watching?.cancel()
        guard let connection = connections[generation] else { return }
        let detector = StaleStreamDetector(
            shared: shared,
            connection: ConnectionID(part: part, generation: generation),
            control: connection.control,
            replace: { [sink] in sink.yield(.replace(generation: generation, .deadStream)) }
        )
        watching = Task { try await detector.run() }
    }

    /// The streams of the part, including refused ones.
    private var carried: [InstrumentID: TradeStream] {
        let ids = shared.register.carried(byPart: part)
        return Dictionary(uniqueKeysWithValues: ids.compactMap { id in shared.streams[id].map { (id, $0) } })
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        var logger = shared.logger
        logger[metadataKey: "connection"] = "\(part)"
        logger[metadataKey: "server"] = "\(shared.adapter.endpoint(for: Array(carried.values)))"
        logger.log(level: level, message, metadata: metadata)
    }
}
