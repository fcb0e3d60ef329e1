import ExporterHTTP
import HTTPTypes
import HummingbirdTesting
import Logging
import PrometheusExposition
import ServiceLifecycle

/// A server under test, on a free port of the loopback interface.
struct RunningServer: Sendable {
    let client: Client
    let address: ListenAddress
    private let group: ServiceGroup

    /// A client whose requests name the host, as HTTP/1.1 requires.
    struct Client: Sendable {
        let connection: TestClient

        func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestClient.Response {
            try await execute(TestClient.Request(path, method: .get, headers: headers))
        }

        func head(_ path: String) async throws -> TestClient.Response {
            try await execute(TestClient.Request(path, method: .head))
        }

        func execute(_ request: TestClient.Request) async throws -> TestClient.Response {
            var request = request
            request.head.authority = "test"
            return try await connection.execute(request)
        }
    }

    /// Stops the server, as SIGTERM does.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// Runs a server while the closure runs, and returns once it has stopped.
    static func with(
        telemetryPath: String = "/metrics",
        shutdownTimeout: Duration = .seconds(3),
        landingPage: LandingPage = LandingPage(name: "demo", version: "1.0", description: "A demonstration."),
        scrapeMetrics: ScrapeMetrics = ScrapeMetrics(),
        exposition: @escaping @Sendable (ExpositionFormat, Set<String>?) throws -> [UInt8] = { format, _ in
            Array(format.contentType.utf8)
        },
        readiness: @escaping @Sendable () -> Readiness = { .ready },
        flow: @escaping @Sendable () -> Readiness = { .ready },
        endpoints: [Endpoint] = [],
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let (addresses, continuation) = AsyncStream<ListenAddress>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try ExporterServer(
            configuration: .init(
                listenAddress: ListenAddress(parsing: "127.0.0.1:0"),
                telemetryPath: telemetryPath,
                shutdownTimeout: shutdownTimeout
            ),
            landingPage: landingPage,
            scrapeMetrics: scrapeMetrics,
            logger: logger,
            exposition: exposition,
            readiness: readiness,
            flow: flow,
            endpoints: endpoints,
            onListening: { continuation.yield($0) }
        )
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await group.run()
            }
            for await address in addresses.prefix(1) {
                let client = TestClient(
                    host: "127.0.0.1",
                    port: address.port,
                    configuration: .init(timeout: .seconds(600))
                )
                client.connect()
                do {
                    try await body(RunningServer(client: Client(connection: client), address: address, group: group))
                } catch {
                    await group.triggerGracefulShutdown()
                    try? await client.shutdown()
                    throw error
                }
                // The connection is left open: stopping must not wait for it.
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                try? await client.shutdown()
            }
            try await tasks.waitForAll()
        }
    }
}
