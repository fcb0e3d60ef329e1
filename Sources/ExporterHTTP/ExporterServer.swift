import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import PrometheusExposition
import ServiceLifecycle

/// The HTTP server of an exporter: telemetry path, landing page, health and readiness.
///
/// ```swift
/// let server = try ExporterServer(
///     configuration: .init(listenAddress: ListenAddress(parsing: ":10200")),
///     landingPage: LandingPage(name: "demo", version: "1.0.0", description: "Shows how it is done."),
///     scrapeMetrics: scrapeMetrics,
///     logger: logger,
///     exposition: { try registry.render($0, names: $1) },
///     readiness: { .ready }
/// )
/// ```
package struct ExporterServer: Service {
    /// The settings of an operator.
    package struct Configuration: Sendable {
        /// Where to listen, at least one address.
        package var listenAddresses: [ListenAddress]
        /// The path of the metrics; `/` replaces the landing page.
        package var telemetryPath: String
        /// The prefix of all routes, including the telemetry path.
        package var routePrefix = RoutePrefix.none
        /// How long open requests may take to end once the server is stopped.
        package var shutdownTimeout: Duration
        /// How many requests of a kind are processed at once, 0 for any number; further ones are answered with 503. The
        /// kinds: scrapes, scrapes of chosen families, pages and documents, computations.
        package var maximumRequests: Int

        var limits = ConnectionLimits()

        /// The configuration of a server.
        package init(
            listenAddress: ListenAddress = ListenAddress(host: "", port: 10200),
            telemetryPath: String = "/metrics",
            shutdownTimeout: Duration = .seconds(3),
            maximumRequests: Int = 40
        ) {
            listenAddresses = [listenAddress]
            self.telemetryPath = telemetryPath
            self.shutdownTimeout = shutdownTimeout
            self.maximumRequests = maximumRequests
        }
    }

    private typealias Context = ConnectionContext

    private let configuration: Configuration
    private let watcher: WebSecurityWatcher?
    private let security: @Sendable () -> WebSecurity
    private let table: ConnectionTable
    private let responder: RouterResponder<Context>
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress) -> Void

    /// Prepares a server; it listens once it runs.
    ///
    /// - Parameters:
    ///   - scrapeMetrics: Counts the scrapes; the caller also registers it as a collector.
    ///   - exposition: Renders the families with the given names, or all; an error that it throws is answered with 500
    ///     and logged.
    ///   - readiness: Called by `/-/ready`.
    ///   - flow: Called by `/-/flowing`.
    ///   - endpoints: Routes that the program adds.
    ///   - security: Encryption, users and headers, whose files are watched while the server runs; nil for none.
    ///   - reload: Called by `/-/reload`; nil where that is not enabled. Its errors are answered with 500.
    ///   - onListening: Called once for each bound socket, with the port that the system chose for port 0.
    /// - Throws: ``ExporterServerError/invalidTelemetryPath(_:)``.
    package init(
        configuration: Configuration,
        landingPage: LandingPage,
        scrapeMetrics: ScrapeMetrics,
        logger: Logger,
        exposition: @escaping @Sendable (ExpositionFormat, Set<String>?) throws -> [UInt8],
        readiness: @escaping @Sendable () -> Readiness,
        flow: @escaping @Sendable () -> Readiness = { .ready },
        endpoints: [Endpoint] = [],
        security watcher: WebSecurityWatcher? = nil,
        reload: (@Sendable () async throws -> Void)? = nil,
        onListening: @escaping @Sendable (ListenAddress) -> Void = { _ in }
    ) throws(ExporterServerError) {
        try Self.check(telemetryPath: configuration.telemetryPath)
        self.configuration = configuration
        self.watcher = watcher
        let security: @Sendable () -> WebSecurity = { watcher?.current ?? .open }
        self.security = security
        self.logger = logger
        self.onListening = onListening
        let limits = configuration.limits
        let table = ConnectionTable(limit: limits.connections, limitOfAddress: limits.connectionsOfAddress)
        self.table = table
        let prefix = configuration.routePrefix
        let documentLimit = RequestLimit(configuration.maximumRequests)
        let router = Router(context: Context.self)
        router.add(middleware: RequestRules())
        router.add(middleware: Authentication(security: security, prefix: prefix, table: table))
        HealthRoutes(prefix: prefix, name: landingPage.name, readiness: readiness, flow: flow).add(to: router)
        ReloadRoute(prefix: prefix, reload: reload).add(to: router)
        ScrapeRoutes(
            path: prefix.route(configuration.telemetryPath),
            maximum: configuration.maximumRequests,
            metrics: scrapeMetrics,
            logger: logger,
            exposition: exposition
        ).add(to: router)
        EndpointRoutes(
            prefix: prefix,
            endpoints: endpoints,
            documentLimit: documentLimit,
            computationLimit: RequestLimit(configuration.maximumRequests),
            table: table,
            logger: logger
        ).add(to: router)
        if configuration.telemetryPath != LandingPageRoutes.path {
            LandingPageRoutes(
                page: landingPage,
                telemetryPath: configuration.telemetryPath,
                prefix: prefix,
                limit: documentLimit,
                readiness: readiness
            ).add(to: router)
        }
        if !prefix.path.isEmpty {
            router.on("/", [.get, .head]) { _, _ in .redirect(to: prefix.externalURL) }
        }
        responder = router.buildResponder()
    }

    /// Serves until the service group shuts down gracefully or the task is cancelled.
    ///
    /// On shutdown idle connections are closed at once, and open requests have the configured time to end.
    ///
    /// - Throws: ``ExporterServerError/cannotListen(_:reason:)``.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serveEveryAddress() }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: configuration.shutdownTimeout)
                table.closeAll()
            }
            if let watcher { group.addTask { try await watcher.run() } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serveEveryAddress() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for address in configuration.listenAddresses {
                group.addTask { try await serve(on: address) }
            }
            try await group.waitForAll()
        }
    }

    private func serve(on address: ListenAddress) async throws {
        var applicationLogger = logger
        // Hummingbird logs at info what is logged below.
        applicationLogger.logLevel = max(logger.logLevel, .warning)
        let limits = configuration.limits
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { [security, table] responder in
                LimitedHTTPChannel(responder: responder, limits: limits, table: table, security: security)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host.isEmpty ? Self.anyHost : address.host, port: address.port)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port.flatMap(UInt16.init(exactly:)) ?? 0
                let bound = ListenAddress(host: address.host, port: port)
                logger.info(
                    "listening",
                    metadata: ["address": "\(bound)", "tls": .stringConvertible(security().context != nil)]
                )
                onListening(bound)
            },
            eventLoopGroupProvider: .shared(ServingThreads.connections),
            logger: applicationLogger
        )
        do {
            try await application.run()
        } catch let error as IOError {
            throw ExporterServerError.cannotListen(address, reason: "\(error)")
        } catch let error as SocketAddressError {
            throw ExporterServerError.cannotListen(address, reason: "\(error)")
        }
    }

    /// All interfaces, of IPv6 and IPv4 where the system supports both.
    private static var anyHost: String {
        let hasIPv6 = (try? System.enumerateDevices())?.contains { $0.address?.protocol == .inet6 } ?? false
        return hasIPv6 ? "::" : "0.0.0.0"
    }

    /// Checks whether metrics can be served on a path: one that begins with a slash, needs no escaping, and is not a
    /// route of the server.
    /// - Throws: ``ExporterServerError/invalidTelemetryPath(_:)``.
    package static func check(telemetryPath path: String) throws(ExporterServerError) {
        guard isServable(path) else { throw .invalidTelemetryPath(path) }
    }

    private static func isServable(_ path: String) -> Bool {
        let isPlain = path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                true
            default: false
            }
        }
        return path.hasPrefix("/") && isPlain && !path.contains("//") && path != "/-" && !path.hasPrefix("/-/")
    }
}
