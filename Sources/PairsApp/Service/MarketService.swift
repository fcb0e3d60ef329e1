import Logging
import MarketData
import ServiceLifecycle
import TradeStore

/// Runs one market session after another: the next one when a reload needs what the present one does not have.
///
/// Sessions share one store, which closes when the program ends. A session whose successor cannot be made continues
/// from where it stopped.
actor MarketService: Service {
    /// Parts of the five seconds in which the program ends: for feeds and tests, then for the store.
    private static let endTime = Duration.milliseconds(1500)
    private static let closeTime = Duration.seconds(3)
    /// How long a reload waits until the store has written what the feeds have delivered.
    private static let flushTime = Duration.seconds(5)

    /// The session after the present one.
    private struct Successor {
        var configuration: Configuration
        var sources: SessionFeeds
        var done: CheckedContinuation<Void, any Error>
    }

    private let market: CurrentMarket
    private let metrics: ProgramMetrics
    private let logger: Logger
    private var session: FeedSession
    private var group: ServiceGroup?
    /// Whether an import has been read in this session.
    private var hasImports = false
    private var lastReplacement: Task<[WarmStartOutcome], any Error>?
    /// The tasks that fetch the past of added instruments.
    private var candles: [Task<Void, Never>] = []
    private var next: Successor?

    init(session: FeedSession, market: CurrentMarket, metrics: ProgramMetrics, logger: Logger) {
        self.session = session
        self.market = market
        self.metrics = metrics
        self.logger = logger
    }

    /// Runs until the program shuts down, then closes the store.
    func run() async throws {
        do {
            try await runSessions()
        } catch {
            try? await closeStore()
            throw error
        }
        try await closeStore()
    }

    private func runSessions() async throws {
        while true {
            var configuration = ServiceGroupConfiguration(
                services: session.services(market, refresh: { try await self.refresh($0) }).map { .init(service: $0) },
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = Self.endTime
            let group = ServiceGroup(configuration: configuration)
            self.group = group
            defer {
                self.group = nil
                for task in candles { task.cancel() }
                candles = []
                next?.done.resume(throwing: ReloadError.notRunning)
                next = nil
            }
            do {
                try await group.run()
            } catch is CancellationError where next != nil || Task.isShuttingDownGracefully {
                // Trades that a feed had not delivered are fetched at the next start, as after a kill.
                logger.warning("feeds and tests did not end in time, and were cancelled")
            }
            guard let successor = next, !Task.isShuttingDownGracefully else { return }
            next = nil
            self.group = nil
            await start(successor)
        }
    }

    private func closeStore() async throws {
        do {
            try await session.close(within: Self.closeTime)
        } catch {
            logger.error("the store did not close in order", metadata: ["reason": "\(error)"])
            throw error
        }
    }

    /// Uses another configuration of the same feeds and storage.
    /// - Throws: ``ReloadError``, ``StartError``, or an error of the store; then the configuration before is in force.
    func apply(_ configuration: Configuration) async throws {
        let current = market.view.configuration
        if configuration.feeds != current.feeds { throw ReloadError.restartNeeded(key: "feeds") }
        if configuration.storage != current.storage { throw ReloadError.restartNeeded(key: "storage") }
        if let changes = try await session.changes(to: configuration) {
            try await replacePairs(with: configuration, changes)
            return
        }
        // A configuration that cannot be used is refused while the feeds still run.
        let sources = try SessionFeeds(configuration, streams: session.streams, logger: logger)
        try await session.flush(within: Self.flushTime)
        _ = try await session.store.add(sources.streams.streams)
        guard let group, next == nil else { throw ReloadError.notRunning }
        logger.info("other timeframes, or other instruments of a feed that cannot change them: the feeds reconnect")
        try await withCheckedThrowingContinuation { continuation in
            next = Successor(configuration: configuration, sources: sources, done: continuation)
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// Replaces every window by that of the stored bars.
    private func refresh(_ refresh: WindowRefresh) async throws {
        if case .imports = refresh { hasImports = true }
        // The memories of tests from the start are invalid once an import has changed the past.
        try await replacePairs(with: nil, refresh: hasImports ? .imports : refresh)
    }

    /// Uses the pairs of a configuration, or those in force with windows from the store. One replacement runs at a
    /// time, because each records bars from its own beginning on.
    private func replacePairs(
        with configuration: Configuration?,
        _ changes: [FeedSession.InstrumentChange] = [],
        refresh: WindowRefresh? = nil
    ) async throws {
        let before = lastReplacement
        let replacement = Task { [session, market] in
            _ = await before?.result
            let next = configuration ?? market.view.configuration
            var outcomes: [WarmStartOutcome] = []
            do {
                outcomes = try await session.add(changes, for: next)
                market.view = try await session.replacePairs(with: next, refresh: refresh)
            } catch {
                await session.removeAdded(changes)
                throw error
            }
            for (feed, change) in changes.enumerated() { await session.remove(change.removed, from: feed) }
            return outcomes
        }
        lastReplacement = replacement
        for (feed, outcome) in try await replacement.value.enumerated() where !outcome.missingCandles.isEmpty {
            fetchCandles(of: outcome, feed: feed)
        }
    }

    /// Fills the windows of instruments that were added from the venue's candles.
    private func fetchCandles(of outcome: WarmStartOutcome, feed: Int) {
        let service = session.service(of: feed, outcome, refresh: { try await self.refresh($0) })
        candles.append(Task { try? await service.fetchCandles(outcome.missingCandles) })
    }

    /// Makes the next session, after the services of the one before have ended; where that fails, the one before stays.
    private func start(_ successor: Successor) async {
        do {
            // A replacement that still runs would publish the windows of the session before.
            _ = await lastReplacement?.result
            try await session.flush(within: Self.flushTime)
            session = try await FeedSession(
                successor.configuration,
                successor.sources,
                store: session.store,
                metrics: metrics,
                logger: logger
            )
            hasImports = false
            market.view = session.firstView
            successor.done.resume()
        } catch {
            successor.done.resume(throwing: ReloadError.failed(reason: "\(error)"))
        }
    }
}
