import ExporterHTTP
import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import PrometheusExposition
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ExporterServerTests {
    private static let openMetricsAccept = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8,*/*;q=0.1"

    private func text(_ response: TestClient.Response) -> String {
        response.body.map { String(decoding: $0.readableBytesView, as: UTF8.self) } ?? ""
    }

    @Test("the telemetry path uses the format that the client requests")
    func formats() async throws {
        try await RunningServer.with { server in
            let plain = try await server.client.get("/metrics")
            #expect(plain.status == .ok)
            #expect(plain.headers[.contentType] == ExpositionFormat.text.contentType)
            #expect(plain.headers[.contentEncoding] == nil)
            #expect(plain.headers[.vary] == "Accept, Accept-Encoding")
            #expect(text(plain) == ExpositionFormat.text.contentType)

            let expected = ExpositionFormat(.openMetrics, escaping: .allowUTF8).contentType
            let openMetrics = try await server.client.get("/metrics", headers: [.accept: Self.openMetricsAccept])
            #expect(openMetrics.headers[.contentType] == expected)
            #expect(text(openMetrics) == ExpositionFormat.openMetrics.contentType)
        }
    }

    @Test("gzip is sent to a client that accepts it, with the same body")
    func gzip() async throws {
        let body = Array(repeating: UInt8(ascii: "x"), count: 300_000)
        try await RunningServer.with(exposition: { _, _ in body }) { server in
            let response = try await server.client.get("/metrics", headers: [.acceptEncoding: "deflate, gzip;q=0.5"])
            #expect(response.headers[.contentEncoding] == "gzip")
            let bytes = try #require(response.body).readableBytesView
            #expect(response.headers[.contentLength] == "\(bytes.count)")
            #expect(Array(bytes) == (try Gzip.compress(body)))

            let refused = try await server.client.get("/metrics", headers: [.acceptEncoding: "gzip;q=0"])
            #expect(refused.headers[.contentEncoding] == nil)
            #expect(refused.body?.readableBytes == body.count)
        }
    }

    @Test(
        "HEAD has the headers of GET and no body",
        arguments: ["/metrics", "/", "/-/healthy", "/-/ready", "/-/flowing", "/none"]
    )
    func head(path: String) async throws {
        try await RunningServer.with(readiness: { .notReady(reasons: ["cold"]) }) { server in
            let get = try await server.client.get(path)
            let head = try await server.client.head(path)
            #expect(head.status == get.status)
            #expect(head.body == nil)
            for name in [HTTPField.Name.contentType, .contentLength, .xContentTypeOptions] {
                #expect(head.headers[name] == get.headers[name])
                #expect(head.headers[name] != nil)
            }
            // The connection is usable: no bytes of a body are left.
            #expect(try await server.client.get("/-/healthy").status == .ok)
        }
    }

    @Test("health is always good, readiness is that of the program")
    func readiness() async throws {
        let ready = Gauge(MetricFamily("demo_ready", .gauge, help: "h"))
        try await RunningServer.with(
            readiness: { ready.value == 1 ? .ready : .notReady(reasons: ["feed okx is silent", "windows are cold"]) },
            flow: { ready.value == 1 ? .ready : .notReady(reasons: ["0 of 2 streams flow"]) }
        ) { server in
            #expect(try await server.client.get("/-/healthy").status == .ok)
            let cold = try await server.client.get("/-/ready")
            #expect(cold.status == .serviceUnavailable)
            #expect(text(cold) == "demo is not ready.\nfeed okx is silent\nwindows are cold\n")
            let silent = try await server.client.get("/-/flowing")
            #expect(silent.status == .serviceUnavailable)
            #expect(text(silent) == "demo lacks data.\n0 of 2 streams flow\n")
            ready.value = 1
            #expect(text(try await server.client.get("/-/flowing")) == "demo has data.\n")
            let warm = try await server.client.get("/-/ready")
            #expect(warm.status == .ok)
            #expect(text(warm) == "demo is ready.\n")
        }
    }

    @Test("the landing page shows the program, its routes and its table, and forbids scripts")
    func landingPage() async throws {
        let page = LandingPage(
            name: "demo <exporter>",
            version: "1.2.3",
            description: "Shows how it is done.",
            links: [LandingPage.Link("Manual", address: "https://example.org/?a=1&b=2")],
            table: { LandingPage.Table(header: ["Pair"], rows: [["<b>"]]) }
        )
        try await RunningServer.with(telemetryPath: "/telemetry", landingPage: page) { server in
            let response = try await server.client.get("/")
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            #expect(try #require(response.headers[.contentSecurityPolicy]).hasPrefix("default-src 'none'"))
            let html = text(response)
            for part in [
                "<h1>demo &lt;exporter&gt;</h1>", "1.2.3", "Shows how it is done.", #"<a href="telemetry">"#,
                #"<a href="-/healthy">"#, #"<a href="-/ready">"#, #"<a href="https://example.org/?a=1&amp;b=2">"#,
                "<td>&lt;b&gt;</td>",
            ] {
                #expect(html.contains(part))
            }
        }
    }

    @Test("the telemetry path may replace the landing page")
    func telemetryAtRoot() async throws {
        try await RunningServer.with(telemetryPath: "/") { server in
            let root = try await server.client.get("/")
            #expect(root.headers[.contentType] == ExpositionFormat.text.contentType)
            #expect(try await server.client.get("/metrics").status == .notFound)
        }
    }

    @Test(
        "a parameter of a path is percent-decoded",
        arguments: [
            ("ETHUSDT%2DBTCUSDT", "ETHUSDT-BTCUSDT"), ("a%2Fb", "a/b"), ("a+b", "a+b"),
            ("%E5%B8%81", "\u{5E01}"), ("100%25", "100%"), ("%2", nil), ("%zz", nil), ("%ff", nil),
        ]
    )
    func pathParameter(path: String, value: String?) async throws {
        let name = Endpoint("/names/{name}") { request in
            .text(request.pathParameters["name"] ?? "")
        }
        try await RunningServer.with(endpoints: [name]) { server in
            let response = try await server.client.get("/names/" + path)
            #expect(response.status == (value == nil ? .badRequest : .ok))
            let refusal = "The path is no percent-encoded UTF-8 text; write %25 for a percent sign.\n"
            #expect(text(response) == value ?? refusal)
        }
    }

    @Test(
        "other paths are not found",
        arguments: [
            "/none", "/metrics/more", "/-/", "/../etc/passwd", "/%2e%2e/etc/passwd", "/metrics%00",
        ]
    )
    func notFound(path: String) async throws {
        try await RunningServer.with { server in
            let response = try await server.client.get(path)
            #expect(response.status == .notFound)
            #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(text(response) == "Not Found\n")
        }
    }

    @Test("a query does not change the route")
    func query() async throws {
        try await RunningServer.with { server in
            let response = try await server.client.get("/metrics?x=%2Fnone")
            #expect(response.status == .ok)
        }
    }

    @Test(
        "other methods are refused, and the response lists the allowed ones",
        arguments: ["/metrics", "/", "/-/healthy", "/-/ready"]
    )
    func methodNotAllowed(path: String) async throws {
        try await RunningServer.with { server in
            for method in [HTTPRequest.Method.post, .put, .delete, .options, .patch, .trace] {
                let response = try await server.client.execute(.init(path, method: method))
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow] == "GET, HEAD")
            }
        }
    }

    @Test("a large body is refused, a small one is ignored")
    func bodies() async throws {
        try await RunningServer.with { server in
            var request = TestClient.Request("/metrics", method: .get)
            request.body = .init(repeating: 0, count: 1_000)
            let small = try await server.client.execute(request)
            #expect(small.status == .ok)
            request.body = .init(repeating: 0, count: 1_000_000)
            let great = try await server.client.execute(request)
            #expect(great.status == .contentTooLarge)
            #expect(great.headers[.connection] == "close")
        }
    }

    @Test("scrapes are counted by status, and the running one is in flight")
    func selfMetrics() async throws {
        let metrics = ScrapeMetrics()
        let registry = try MetricsRegistry(families: ScrapeMetrics.families, collectors: [metrics])
        try await RunningServer.with(
            scrapeMetrics: metrics,
            exposition: { format, _ in
                guard format.encoding == .text else { throw MetricsError.unknownFamily(name: "demo") }
                return try registry.render(format)
            }
        ) { server in
            let first = text(try await server.client.get("/metrics"))
            for line in [
                #"promhttp_metric_handler_requests_total{code="200"} 0"#,
                #"promhttp_metric_handler_requests_total{code="500"} 0"#,
                #"promhttp_metric_handler_requests_total{code="503"} 0"#,
                "promhttp_metric_handler_requests_in_flight 1",
            ] {
                #expect(first.contains("\(line)\n"))
            }
            let failed = try await server.client.get("/metrics", headers: [.accept: Self.openMetricsAccept])
            #expect(failed.status == .internalServerError)
            #expect(text(failed).contains("demo is not in the registry's catalogue"))

            let third = text(try await server.client.get("/metrics"))
            #expect(third.contains("promhttp_metric_handler_requests_total{code=\"200\"} 1\n"))
            #expect(third.contains("promhttp_metric_handler_requests_total{code=\"500\"} 1\n"))
            #expect(third.contains("promhttp_metric_handler_requests_in_flight 1\n"))
        }
    }

    @Test(
        "telemetry paths that cannot be served are refused",
        arguments: ["", "metrics", "//", "/a//b", "/-/healthy", "/-", "/:id", "/{id}", "/*", "/a b", "/a?b", "/ü"]
    )
    func telemetryPaths(path: String) throws {
        let error = try #require(throws: ExporterServerError.self) {
            try ExporterServer(
                configuration: .init(listenAddress: ListenAddress(host: "127.0.0.1", port: 0), telemetryPath: path),
                landingPage: LandingPage(name: "demo", version: "1.0", description: "A demonstration."),
                scrapeMetrics: ScrapeMetrics(),
                logger: Logger(label: "test"),
                exposition: { _, _ in [] },
                readiness: { .ready }
            )
        }
        #expect(error == .invalidTelemetryPath(path))
        #expect(error.description.contains("/metrics"))
    }

    @Test("each kind of work has a separate thread outside the pool that tasks share")
    func threads() async throws {
        let places = Mutex<[String: ObjectIdentifier?]>([:])
        @Sendable func note(_ name: String) {
            places.withLock { $0[name] = MultiThreadedEventLoopGroup.currentEventLoop.map { ObjectIdentifier($0) } }
        }
        try await RunningServer.with(
            exposition: { _, _ in
                note("scrape")
                return []
            },
            endpoints: [
                Endpoint("/probe") { _ in
                    note("probe")
                    return .text("")
                },
                Endpoint(
                    "/document",
                    SharedDocument(contentType: "text/plain") {
                        note("document")
                        return SharedDocument.Text("")
                    }
                ),
            ]
        ) { server in
            for path in ["/metrics", "/probe", "/document"] {
                let response = try await server.client.get(path)
                #expect(response.status == .ok)
            }
        }
        let found = places.withLock { $0 }
        #expect(Set(found.keys) == ["scrape", "probe", "document"])
        #expect(Set(found.values.compactMap { $0 }).count == 3)
    }

    @Test("an address in use is reported with the address")
    func addressInUse() async throws {
        try await RunningServer.with { running in
            let server = try ExporterServer(
                configuration: .init(listenAddress: running.address),
                landingPage: LandingPage(name: "demo", version: "1.0", description: "A demonstration."),
                scrapeMetrics: ScrapeMetrics(),
                logger: Logger(label: "test"),
                exposition: { _, _ in [] },
                readiness: { .ready }
            )
            let error = await #expect(throws: ExporterServerError.self) { try await server.run() }
            #expect(try #require(error).description.contains("cannot listen on \(running.address)"))
        }
    }

    @Test("stopping closes idle connections at once")
    func shutdownWithIdleConnections() async throws {
        // The time limit of the suite is shorter than this timeout.
        try await RunningServer.with(shutdownTimeout: .seconds(3600)) { server in
            let response = try await server.client.get("/-/healthy")
            #expect(response.status == .ok)
            await server.shutDown()
        }
    }

    @Test("stopping does not wait for a client that reads nothing")
    func shutdownWithStuckConnection() async throws {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024 * 1024)
        let (scrapes, continuation) = AsyncStream<Void>.makeStream()
        try await RunningServer.with(
            shutdownTimeout: .milliseconds(200),
            exposition: { _, _ in
                continuation.yield()
                return body
            }
        ) { server in
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .connect(host: "127.0.0.1", port: server.address.port)
                .get()
            try await client.writeAndFlush(ByteBuffer(string: "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n"))
            for await _ in scrapes.prefix(1) {}
            await server.shutDown()
        }
    }
}
