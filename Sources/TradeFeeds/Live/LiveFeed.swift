import Logging
import MarketData
import NIOCore
import NIOSSL
import Synchronization

/// The part of a live feed that all venues share: connections, reconnects, repair, the clocks and the order of events.
struct LiveFeed<Adapter: VenueAdapter>: TradeFeed {
    private static var tickInterval: Duration { .milliseconds(100) }
    /// The smallest page of candles that is assumed, which bounds the number of requests. The smallest page that a
    /// venue documents is several times as large.
    private static var fewestPerPage: Int { 50 }

    let adapter: Adapter
    /// The adapter's venue.
    var venue: Venue { adapter.venue }
    let counters = FeedCounters()
    private let configuration: LiveFeedConfiguration
    private let tls: NIOSSLContext?
    private let streams: StreamDirectory
    private let client: VenueClient
    private let clockMonitor = VenueClockMonitor()
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
        self.streams = StreamDirectory(Dictionary(uniqueKeysWithValues: own.map { ($0, streams[$0]) }))
        self.logger = logger
        let isTLS = adapter.endpoint(for: own.map { streams[$0] }).isTLS
        let tls: TLSConfiguration
        (tls, self.tls) = try Self.makeTLS(trustRootsFile: configuration.trustRootsFile, needsContext: isTLS)
        client = VenueClient(
            base: configuration.restURL,
            limits: adapter.requestLimits,
            tls: tls,
            proxy: configuration.proxies.proxy(for: configuration.restURL)
        )
    }

    var changesStreams: Bool { true }
    var hasConsecutiveIDs: Bool { adapter.hasConsecutiveIDs }

    /// See ``TradeFeed/update(streams:resuming:)``.
    func update(streams: [InstrumentID: TradeStream], resuming positions: [InstrumentID: StreamPosition]) async {
        await self.streams.replace(with: streams.filter { $0.value.instrument.venue == venue }, resuming: positions)
    }

    /// See ``TradeFeed/run(resuming:missing:into:)``.
    func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        let (queue, signals) = FeedSignalQueue.make()
        let budget = Mutex(ConnectBudget(perMinute: configuration.connectsPerMinute))
        let shared = LiveFeedShared(
            adapter: adapter,
            configuration: configuration,
            tls: tls,
            streams: streams,
            client: client,
            counters: counters,
            activity: StreamActivity(hasConsecutiveIDs: adapter.hasConsecutiveIDs),
            queue: queue,
            register: StreamRegister(capacity: adapter.streamsPerConnection),
            logger: logger
        )
        let changes = streams.beginRun(resuming: positions)
        defer {
            streams.endRun()
            counters.update { $0.state = .stopped }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant = { instant in
                budget.withLock { $0.reserve(notBefore: instant) }
            }
            group.addTask { await supervise(shared, changes, reserve) }
            group.addTask { try await StreamTrials(shared: shared, reserve: reserve).run() }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.tickInterval)
                    queue.offerTick(.now)
                }
            }
            group.addTask { try await clockMonitor.run(shared) }
            group.addTask {
                try await GapRepair(shared: shared, missing: missing, clock: clockMonitor).run()
            }
            var delivery = FeedDelivery(queue: queue, counters: counters, clock: clockMonitor)
            try await delivery.run(signals, into: sink)
        }
        throw CancellationError()
    }

    /// Keeps the streams connected; a change of streams does not interrupt the others.
    private func supervise(
        _ shared: LiveFeedShared<Adapter>,
        _ changes: AsyncStream<StreamDirectory.Change>,
        _ reserve: @escaping @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant
    ) async {
        await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            for await next in changes {
                let (change, parts) = shared.register.update(to: next.streams)
                shared.activity.add(change.added, positions: next.positions)
                shared.queue.offer(.streams(parts, change, receipt: next.receipt))
                for part in change.openedParts {
                    let supervisor = ConnectionSupervisor(shared: shared, part: part, reserve: reserve)
                    group.addTask {
                        var supervisor = supervisor
                        await supervisor.run()
                        shared.register.removeSupervisor(ofPart: part)
                    }
                }
                shared.register.notify(change.changedParts, of: .streamsChanged)
                shared.register.notify(change.closedParts, of: .retired)
            }
        }
    }

    /// Closed candles of the venue, oldest first, requested from the newest page back.
    func candles(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        count: Int,
        before slot: Int64?
    ) async throws -> [Bar] {
        guard let stream = streams[instrument], count > 0 else { return [] }
        var pages: [[Bar]] = []
        do {
            if clockMonitor.microseconds == nil, let query = adapter.serverTime() {
                try await clockMonitor.measure(query, client)
            }
            let present = timeframe.slot(of: clockMonitor.now)
            let end = min(present, slot ?? present)
            var slots = (end - Int64(count))..<end
            for _ in 0...(count / Self.fewestPerPage) where !slots.isEmpty {
                guard let query = adapter.candles(of: stream.instrument, timeframe: timeframe, slots: slots)
                else { break }
                let page = try await client.send(query).compactMap { candle -> Bar? in
                    let slot = timeframe.slot(of: candle.openTime)
                    return slots.contains(slot) ? Bar(candle, slot: slot, of: instrument, timeframe) : nil
                }
                guard let first = page.map(\.slot).min() else { break }
                pages.append(page.sorted { $0.slot < $1.slot })
                slots = slots.lowerBound..<first
            }
        } catch let failure as RequestFailure {
            counters.update { $0.failedRequests += 1 }
            let bars = pages.reversed().flatMap(\.self)
            throw IncompleteCandles(bars: bars, isRefused: failure.outcome == .refused, reason: failure)
        }
        return pages.reversed().flatMap(\.self)
    }

    /// The TLS configuration with the trusted certificates for REST, and a context with it for WebSockets.
    private static func makeTLS(
        trustRootsFile: String?,
        needsContext: Bool
    ) throws(FeedConfigurationError) -> (TLSConfiguration, NIOSSLContext?) {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .fullVerification
        tls.shutdownTimeout = .milliseconds(500)
        let path = trustRootsFile ?? "the system's store"
        do {
            if let trustRootsFile {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(trustRootsFile))
            }
            return (tls, needsContext ? try NIOSSLContext(configuration: tls) : nil)
        } catch {
            throw .trustRoots(path: path, reason: "\(error)")
        }
    }
}
