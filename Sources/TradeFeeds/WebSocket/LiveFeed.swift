import Logging
import MarketData
import NIOCore
import NIOSSL
import Synchronization

/// The part of a live feed that all venues share: connections, reconnects, the clock and the order of events.
struct LiveFeed<Adapter: VenueAdapter>: Sendable {
    private static var tickInterval: Duration { .milliseconds(100) }

    let adapter: Adapter
    let counters = FeedCounters()
    private let configuration: LiveFeedConfiguration
    private let tls: NIOSSLContext?
    private let streams: [InstrumentID: TradeStream]
    private let logger: Logger

    /// - Throws: ``FeedConfigurationError``.
    init(
        adapter: Adapter,
        configuration: LiveFeedConfiguration,
        streams: StreamTable,
        logger: Logger
    ) throws(FeedConfigurationError) {
        let own = streams.ids.filter { streams[$0].instrument.venue == adapter.venue }
        guard !own.isEmpty else { throw .noStreams(venue: adapter.venue.rawValue) }
        self.adapter = adapter
        self.configuration = configuration
        self.streams = Dictionary(uniqueKeysWithValues: own.map { ($0, streams[$0]) })
        self.logger = logger
        let isTLS = adapter.endpoint(for: own.map { streams[$0] }).isTLS
        tls = isTLS ? try Self.makeTLS(trustRootsFile: configuration.trustRootsFile) : nil
    }

    func run(into sink: @Sendable (FeedEvent) async throws -> Void) async throws {
        let (queue, signals) = FeedSignalQueue.make()
        let budget = Mutex(ConnectBudget(perMinute: configuration.connectsPerMinute))
        let ids = streams.keys.sorted()
        let parts = stride(from: 0, to: ids.count, by: adapter.streamsPerConnection).map { start in
            Array(ids[start..<min(start + adapter.streamsPerConnection, ids.count)])
        }
        defer { counters.update { $0.state = .stopped } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant = { instant in
                budget.withLock { $0.reserve(notBefore: instant) }
            }
            for (number, part) in parts.enumerated() {
                group.addTask { try await keepConnected(part, number: number, queue: queue, reserve: reserve) }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.tickInterval)
                    queue.offerTick(.now)
                }
            }
            try await hand(signals, of: queue, connections: parts.count, to: sink)
        }
        throw CancellationError()
    }

    /// The consumer: the only place where the clock, the state and the sink are touched.
    private func hand(
        _ signals: FeedSignalQueue.Sequence,
        of queue: FeedSignalQueue,
        connections: Int,
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        var clock = EventClock()
        var check = TradeTimeCheck()
        var states = [FeedState](repeating: .stopped, count: connections)
        var shown = FeedState.stopped
        for await signal in signals {
            switch signal {
            case .trades(let batch, let instant):
                let believed = batch.trades.lazy.map(\.time).filter { check.accepts($0, receivedAt: batch.receivedAt) }
                if let greatest = believed.max() { clock.observe(greatest, at: instant) }
                try await sink(.trades(batch))
            case .connection(let number, let state, let instant):
                states[number] = state
                let overall = states.max { $0.distanceFromFlowing < $1.distanceFromFlowing } ?? .stopped
                guard overall != shown else { continue }
                let hasStopped = shown == .flowing
                shown = overall
                counters.update { $0.state = overall }
                try await sink(.state(overall))
                // A reconnect may be done before the next tick, and an interruption must not pass unnoticed.
                if hasStopped, let time = clock.now(at: instant) { try await sink(.time(time, isFlowing: false)) }
            case .tick(let instant):
                queue.tickTaken()
                if let time = clock.now(at: instant) {
                    try await sink(.time(time, isFlowing: shown == .flowing))
                }
            }
        }
    }

    /// Connects, waits for the end, and connects again, until cancelled.
    private func keepConnected(
        _ ids: [InstrumentID],
        number: Int,
        queue: FeedSignalQueue,
        reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant
    ) async throws {
        let own = streams.filter { ids.contains($0.key) }
        let endpoint = adapter.endpoint(for: ids.compactMap { own[$0] })
        var logger = logger
        logger[metadataKey: "connection"] = "\(number)"
        logger[metadataKey: "server"] = "\(endpoint)"
        var backoff = ReconnectBackoff()
        var generator = SystemRandomNumberGenerator()
        let connection = WebSocketConnection(endpoint: endpoint, tls: tls) { [logger] channel, end in
            let handler = TradeFrameHandler(
                decoder: adapter.makeDecoder(for: own),
                connection: number,
                queue: queue,
                counters: counters,
                end: end,
                idleTimeout: TimeAmount(configuration.idleTimeout),
                logger: logger
            )
            let requests = RequestHandler(
                messages: adapter.subscription(to: ids.compactMap { own[$0] }),
                interval: adapter.messageInterval,
                keepAlive: adapter.keepAlive
            )
            try channel.pipeline.syncOperations.addHandlers([requests, handler])
            queue.offer(.connection(number, .subscribed, at: .now))
            logger.info("connected, waiting for the first trade", metadata: ["streams": "\(own.count)"])
        }
        var attempt = ContinuousClock.now
        while true {
            attempt = reserve(attempt)
            try await Task.sleep(until: attempt, clock: .continuous)
            counters.update { $0.connects += 1 }
            queue.offer(.connection(number, .connecting, at: .now))
            guard let disconnect = await connection.run() else { throw CancellationError() }
            counters.update { $0.disconnects[disconnect.reason, default: 0] += 1 }
            queue.offer(.connection(number, .backingOff, at: .now))
            let delay = backoff.delay(afterFlowing: disconnect.flow, using: &generator)
            attempt = .now + delay
            logger.warning(
                "disconnected, connecting again",
                metadata: [
                    "reason": "\(disconnect.reason.rawValue)", "detail": "\(disconnect.detail)", "wait": "\(delay)",
                ]
            )
        }
    }

    private static func makeTLS(trustRootsFile: String?) throws(FeedConfigurationError) -> NIOSSLContext? {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .fullVerification
        tls.shutdownTimeout = .milliseconds(500)
        let path = trustRootsFile ?? "the system's store"
        do {
            if let trustRootsFile {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(trustRootsFile))
            }
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw .trustRoots(path: path, reason: "\(error)")
        }
    }
}
