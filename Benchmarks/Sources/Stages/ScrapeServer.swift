import ExporterHTTP
import Foundation
import Hummingbird
import Logging
import PrometheusExposition

/// The exporter's HTTP server on metrics of a given number, and beside it, on a port of its own, the same server library
/// with nothing but a body that was rendered once.
enum ScrapeServer {
    static func run(count: Int) async throws {
        let series = SyntheticSeries(count: count)
        let scrapes = ScrapeMetrics()
        let renderings = Counter(
            MetricFamily("stages_renderings_total", .counter, help: "Bodies of all families that were rendered.")
        )
        let registry = try MetricsRegistry(
            families: [series.family, renderings.family] + ScrapeMetrics.families,
            collectors: [series, renderings, scrapes]
        )
        let body = try registry.render(.text)
        let server = try ExporterServer(
            configuration: .init(listenAddress: ListenAddress(parsing: "127.0.0.1:0"), maximumRequests: 0),
            landingPage: LandingPage(name: "stages", version: "1", description: "Measures."),
            scrapeMetrics: scrapes,
            logger: logger,
            exposition: { format, names in
                if names == nil { renderings.increment() }
                return try registry.render(format, names: names)
            },
            readiness: { .ready },
            onListening: { say("metrics", "\($0.port)") }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { try await serve(body) }
            try await group.waitForAll()
        }
    }

    /// One route, plain and compressed, without anything between the library and the body.
    private static func serve(_ body: [UInt8]) async throws {
        let plain = ByteBuffer(bytes: body)
        let compressed = ByteBuffer(bytes: try Gzip.compress(body))
        let router = Router()
        router.get("/metrics") { request, _ in
            let isCompressed = request.headers[.acceptEncoding] != nil
            var headers: HTTPFields = [.contentType: ExpositionFormat.text.contentType]
            if isCompressed { headers[.contentEncoding] = "gzip" }
            return Response(
                status: .ok,
                headers: headers,
                body: ResponseBody(byteBuffer: isCompressed ? compressed : plain)
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { say("static", "\($0.localAddress?.port ?? 0)") },
            logger: logger
        )
        try await application.run()
    }

    private static var logger: Logger {
        var logger = Logger(label: "stages")
        logger.logLevel = .error
        return logger
    }

    private static func say(_ name: String, _ value: String) {
        print(name, value)
        fflush(nil)
    }
}
