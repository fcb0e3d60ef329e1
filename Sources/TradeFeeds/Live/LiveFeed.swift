import Logging
import MarketData
import NIOCore
import NIOSSL
import Synchronization

/// The part of a live feed that all venues share: connections, reconnects, repair, the clocks and the order of events.
struct LiveFeed<Adapter: VenueAdapter>: TradeFeed {
    private static var tickInterval: Duration { .milliseconds(100) }
    /// A venue that answers with fewer candles to a request than that is not asked for all that are wanted. The smallest
    /// page that a venue documents is several times as large.
    private static var fewestPerPage: Int { 50 }

    let adapter: Adapter
    /// The adapter's.
    var venue: Venue { adapter.venue }
    let counters = FeedCounters()
    private let configuration: LiveFeedConfiguration
    private let tls: NIOSSLContext?
    private let streams: [InstrumentID: TradeStream]
    private let client: VenueClient
    private let clockWatch = ClockWatch()
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
        let tls: TLSConfiguration
        (tls, self.tls) = try Self.makeTLS(trustRootsFile: configuration.trustRootsFile, needsContext: isTLS)
        client = VenueClient(
            base: configuration.restURL,
            limits: adapter.requestLimits,
            tls: tls,
            proxy: configuration.proxies.proxy(for: configuration.restURL)
        )
    }

    /// See ``TradeFeed/run(resuming:missing:into:)``.
    func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        let (queue, signals) = FeedSignalQueue.make()
        let budget = Mutex(ConnectBudget(perMinute: configuration.connectsPerMinute))
        let ids = streams.keys.sorted()
        let parts = stride(from: 0, to: ids.count, by: adapter.streamsPerConnection).map { start in
            Array(ids[start..<min(start + adapter.streamsPerConnection, ids.count)])
        }
        let keepers = parts.map { _ in AsyncStream.makeStream(of: KeeperEvent.self) }
        let shared = LiveFeedShared(
            adapter: adapter,
            configuration: configuration,
            tls: tls,
            streams: streams,
            client: client,
            counters: counters,
            activity: StreamActivity(streams: ids, positions: positions),
            queue: queue,
            register: StreamRegister(keepers: keepers.map(\.continuation)),
            logger: logger
        )
        defer { counters.update { $0.state = .stopped } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant = { instant in
                budget.withLock { $0.reserve(notBefore: instant) }
            }
            for (number, part) in parts.enumerated() {
                let (events, sink) = keepers[number]
                group.addTask {
                    try await ConnectionKeeper(
                        shared: shared,
                        part: number,
                        ids: part,
                        events: events,
                        sink: sink,
                        reserve: reserve
                    ).run()
                }
            }
            group.addTask { try await StreamTrials(shared: shared, reserve: reserve).run() }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.tickInterval)
                    queue.offerTick(.now)
                }
            }
            group.addTask { try await clockWatch.run(shared) }
            group.addTask {
                try await GapRepair(shared: shared, missing: missing, clock: clockWatch).run()
            }
            try await hand(signals, of: queue, parts: parts, to: sink)
        }
        throw CancellationError()
    }

    /// Closed candles of the venue, oldest first, asked for from the newest page back.
    func candles(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        count: Int,
        before slot: Int64?
    ) async throws -> [Bar] {
        guard let stream = streams[instrument], count > 0 else { return [] }
        var pages: [[Bar]] = []
        do {
            if clockWatch.microseconds == nil, let query = adapter.serverTime() {
                try await clockWatch.measure(query, client)
            }
            let present = timeframe.slot(of: clockWatch.now)
            let end = min(present, slot ?? present)
            var slots = (end - Int64(count))..<end
            for _ in 0...(count / Self.fewestPerPage) where !slots.isEmpty {
                guard let query = adapter.candles(of: stream.instrument, timeframe: timeframe, slots: slots)
                else { break }
                let page = try await client.ask(query).compactMap { candle -> Bar? in
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

    /// The consumer: the only place where the clock, the state and the sink are touched.
    private func hand(
        _ signals: FeedSignalQueue.Sequence,
        of queue: FeedSignalQueue,
        parts: [[InstrumentID]],
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        var clock = EventClock()
        var gate = TradeTimeGate(instruments: parts.flatMap(\.self))
        gate.setOffset(clockWatch.microseconds, at: SteadyClock.now())
        var board = ConnectionBoard(parts: parts)
        var shown = FeedState.stopped
        for await signal in signals {
            var changedAt: ContinuousClock.Instant?
            switch signal {
            case .trades(let batch, let instant):
                for batch in gate.admit(batch) { try await pass(batch, at: instant, &clock, to: sink) }
            case .connection(let connection, let state, let instant):
                board.set(state, of: connection)
                changedAt = instant
            case .ended(let connection, let state, let instant):
                let lost = board.end(connection, then: state)
                if !lost.isEmpty { try await sink(.streams(lost, .waiting)) }
                changedAt = instant
            case .found(let events, let receipt):
                for event in events { try await pass(event, through: &gate, &clock, to: sink) }
                receipt.finish()
            case .tick(let instant):
                queue.tickTaken()
                for batch in gate.advance(to: SteadyClock.time(at: instant)) {
                    try await pass(batch, at: instant, &clock, to: sink)
                }
                if let time = clock.now(at: instant) {
                    clockWatch.show(time)
                    try await sink(.time(time, isFlowing: board.isAnyFlowing))
                }
            }
            guard let changedAt, board.state != shown else { continue }
            let hasStopped = shown == .flowing
            shown = board.state
            counters.update { [shown] in $0.state = shown }
            try await sink(.state(shown))
            // A reconnect may be done before the next tick, and an interruption must not pass unnoticed.
            if hasStopped, let time = clock.now(at: changedAt) {
                try await sink(.time(time, isFlowing: board.isAnyFlowing))
            }
        }
    }

    private func pass(
        _ batch: TradeBatch,
        at instant: ContinuousClock.Instant,
        _ clock: inout EventClock,
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        if !batch.isRepair, let greatest = batch.greatestTime { clock.observe(greatest, at: instant) }
        try await sink(.trades(batch))
    }

    /// Hands over what watchers found; trades that were asked for are judged as all others.
    private func pass(
        _ event: FeedEvent,
        through gate: inout TradeTimeGate,
        _ clock: inout EventClock,
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        switch event {
        case .trades(let batch):
            for batch in gate.admit(batch) { try await pass(batch, at: .now, &clock, to: sink) }
        case .clockOffset(let microseconds):
            gate.setOffset(microseconds, at: SteadyClock.now())
            try await sink(event)
        default:
            try await sink(event)
        }
    }

    /// Whom to trust, for REST and, as a context, for WebSockets.
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
