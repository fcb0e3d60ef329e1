import Logging
import ServiceLifecycle

/// Runs one market session after another: the next one when a reload needs what the present one does not have.
actor MarketService: Service {
    private let market: CurrentMarket
    private let metrics: ProgramMetrics
    private let logger: Logger
    private var session: MarketSession
    private var group: ServiceGroup?
    /// Whether an import has been read in this session.
    private var hasImports = false
    private var lastReplacement: Task<Void, any Error>?
    private var next: (configuration: Configuration, done: CheckedContinuation<Void, any Error>)?

    init(session: MarketSession, market: CurrentMarket, metrics: ProgramMetrics, logger: Logger) {
        self.session = session
        self.market = market
        self.metrics = metrics
        self.logger = logger
    }

    /// Runs until the program shuts down.
    func run() async throws {
        while true {
            var configuration = ServiceGroupConfiguration(
                services: session.services(market, refresh: { try await self.refresh($0) }).map { .init(service: $0) },
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = .seconds(5)
            let group = ServiceGroup(configuration: configuration)
            self.group = group
            defer {
                self.group = nil
                next?.done.resume(throwing: ReloadError.notRunning)
                next = nil
            }
            try await group.run()
            guard let (configuration, done) = next else { return }
            next = nil
            self.group = nil
            try await start(configuration, done)
        }
    }

    /// Takes another configuration of the same feeds and storage.
    /// - Throws: ``ReloadError``, or what the store threw; the configuration before is in force then.
    func take(_ configuration: Configuration) async throws {
        let current = market.view.configuration
        if configuration.feeds != current.feeds { throw ReloadError.restartNeeded(key: "feeds") }
        if configuration.storage != current.storage { throw ReloadError.restartNeeded(key: "storage") }
        if session.canServe(configuration) {
            try await replacePairs(with: configuration)
            return
        }
        guard let group, next == nil else { throw ReloadError.notRunning }
        logger.info("New instruments or timeframes: the feeds are connected anew")
        try await withCheckedThrowingContinuation { continuation in
            next = (configuration, continuation)
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// Replaces every window by that of what is stored.
    private func refresh(_ refresh: WindowRefresh) async throws {
        if refresh == .imports { hasImports = true }
        // What tests had left at the start is of no use once an import has changed the past.
        try await replacePairs(with: nil, refresh: hasImports ? .imports : refresh)
    }

    /// Goes on with the pairs of a configuration, or with those in force made anew; one replacement after another,
    /// since each records bars from its own beginning on.
    private func replacePairs(with configuration: Configuration?, refresh: WindowRefresh? = nil) async throws {
        let before = lastReplacement
        let replacement = Task { [session, market] in
            _ = await before?.result
            market.view = try await session.replacePairs(
                with: configuration ?? market.view.configuration,
                refresh: refresh
            )
        }
        lastReplacement = replacement
        try await replacement.value
    }

    /// Starts a session after the one before has ended; where that fails, one like the one before.
    private func start(_ configuration: Configuration, _ done: CheckedContinuation<Void, any Error>) async throws {
        let before = market.view.configuration
        do {
            session = try await MarketSession(configuration, metrics: metrics, logger: logger)
            hasImports = false
            market.view = session.firstView
            done.resume()
        } catch {
            done.resume(throwing: ReloadError.failed(reason: "\(error)"))
            session = try await MarketSession(before, metrics: metrics, logger: logger)
            market.view = session.firstView
        }
    }
}
