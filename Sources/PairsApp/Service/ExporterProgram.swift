package import ExporterHTTP
package import Logging
import PrometheusExposition
import ServiceLifecycle
import UnixSignals

/// The complete program: feeds, market engine, store, tests and HTTP under one service group.
package struct ExporterProgram: Sendable {
    /// A signal ended the program, which cancelled work that was not done in time.
    package struct ShutdownError: Error, CustomStringConvertible {
        /// What was cancelled and what follows from it.
        package let description =
            "the program did not end within \(ExporterProgram.shutdownLimit) and cancelled what was left; trades that are "
            + "not in the database are requested from the venues at the next start"
    }

    /// Less than the time after which systemd, Docker and Kubernetes kill a process.
    private static let shutdownLimit = Duration.seconds(5)

    private let configuration: Configuration
    private let source: ConfigurationSource?
    private let options: ExporterOptions
    private let logger: Logger

    /// A program that has not started anything yet.
    /// - Parameter source: the source from which the configuration is reloaded; nil where it cannot be.
    package init(
        configuration: Configuration,
        source: ConfigurationSource? = nil,
        options: ExporterOptions,
        logger: Logger
    ) {
        self.configuration = configuration
        self.source = source
        self.options = options
        self.logger = logger
    }

    /// Opens the store, warms every window, and serves until SIGTERM or SIGINT, which drain and flush.
    /// - Parameter onListening: called once the HTTP socket is bound.
    /// - Throws: what prevents the start, such as a store in use, a service's failure, or ``ShutdownError``.
    package func run(onListening: @escaping @Sendable (ListenAddress) -> Void = { _ in }) async throws {
        FreeMemory.limit()
        // Signals also stop the start, which may read a large database or file.
        let program = ClosureService { try await start(onListening: onListening) }
        let group = ServiceGroupConfiguration(
            services: [.init(service: program, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        do {
            try await ServiceGroup(configuration: group).run()
        } catch is CancellationError {
            throw ShutdownError()
        }
    }

    private func start(onListening: @escaping @Sendable (ListenAddress) -> Void) async throws {
        let security = try webSecurity()
        do {
            try configuration.checkStorage()
        } catch {
            throw StartError(error)
        }
        let metrics = ProgramMetrics(reloads: ReloadStatus(security: security))
        let opening = MarketOpening { [configuration, logger] in
            try await FeedSession.open(configuration, metrics: metrics, logger: logger)
        }
        guard let session = try await opening.session else {
            return logger.info("stopped before every window was warm")
        }
        let current = CurrentMarket(session.firstView)
        let market = MarketService(session: session, market: current, metrics: metrics, logger: logger)
        let reload = source.map { source in
            ReloadService(
                source: source,
                interval: options.autoReloadInterval,
                market: market,
                security: security,
                status: metrics.reloads,
                logger: logger
            )
        }
        let server = try server(current, metrics, security, reload, onListening: onListening)
        let clock = ClockService(steps: metrics.clockSteps, logger: logger)
        let memory = ClosureService { await cancelWhenGracefulShutdown { await FreeMemory.releaseRegularly() } }
        // Services end in reverse order: HTTP last, so that a final scrape contains everything.
        let services: [any Service] = [server, memory, clock, market] + (reload.map { [$0] } ?? [])
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            logger: logger
        )
        group.maximumGracefulShutdownDuration = Self.shutdownLimit
        try await ServiceGroup(configuration: group).run()
    }

    private func webSecurity() throws(StartError) -> WebSecurityWatcher? {
        guard let file = options.webConfigurationFile else { return nil }
        do {
            return try WebSecurityWatcher(file: file, logger: logger) { try WebConfiguration(file: $0) }
        } catch {
            throw StartError(error)
        }
    }

    private func server(
        _ market: CurrentMarket,
        _ metrics: ProgramMetrics,
        _ security: WebSecurityWatcher?,
        _ reload: ReloadService?,
        onListening: @escaping @Sendable (ListenAddress) -> Void
    ) throws -> ExporterServer {
        var take: (@Sendable () async throws -> Void)?
        if options.isLifecycleEnabled, let reload { take = { try await Self.reload(reload) } }
        var configuration = ExporterServer.Configuration(
            telemetryPath: options.telemetryPath,
            shutdownTimeout: .seconds(1),
            maximumRequests: options.maximumRequests
        )
        configuration.listenAddresses = options.listenAddresses
        configuration.routePrefix = options.routePrefix
        return try ExporterServer(
            configuration: configuration,
            landingPage: LandingPage(
                name: BuildInformation.name,
                version: BuildInformation.version,
                description: "Watches pairs of assets for mean reversion, live. Information, not trading advice.",
                links: [
                    LandingPage.Link("Readings as JSON", address: "/api/v1/pairs", description: "for notebooks"),
                    LandingPage.Link("Targets", address: "/sd/pairs", description: "every pair, for /probe"),
                ],
                table: { market.view.table }
            ),
            scrapeMetrics: metrics.scrapes,
            logger: logger,
            exposition: { try market.view.registry.render($0, names: $1) },
            readiness: { market.view.readiness },
            flow: { market.view.flow },
            endpoints: PairEndpoints(market: { market.view }, prefix: options.routePrefix).all,
            security: security,
            reload: take,
            onListening: onListening
        )
    }

    /// Reloads the configuration for a client. The answer states what is wrong in it, but no path.
    private static func reload(_ service: ReloadService) async throws {
        do {
            try await service.reload()
        } catch let error as ConfigurationError {
            let place = error.line.map { "line \($0): " } ?? ""
            let key = error.key.isEmpty ? "" : error.key + ": "
            guard !error.problem.contains("/") else { throw error }
            throw EndpointError.failed(place + key + error.problem)
        } catch let error as ReloadError {
            if case .failed = error { throw error }
            throw EndpointError.failed("\(error)")
        }
    }
}
