import HTTPTypes
import Hummingbird
import PrometheusExposition

/// `/`, the page for people.
struct LandingPageRoutes: Sendable {
    static let path = "/"

    private let page: LandingPage
    private let prefix: RoutePrefix
    private let limit: RequestLimit
    private let rendering: SharedRendering<LandingPageView>

    init(
        page: LandingPage,
        telemetryPath: String,
        prefix: RoutePrefix,
        limit: RequestLimit,
        readiness: @escaping @Sendable () -> Readiness
    ) {
        self.page = page
        self.prefix = prefix
        self.limit = limit
        let links = [
            LandingPage.Link("Metrics", address: telemetryPath, description: "for Prometheus"),
            LandingPage.Link("Health", address: HealthRoutes.healthyPath, description: "the process answers"),
            LandingPage.Link("Readiness", address: HealthRoutes.readyPath, description: "or what is still missing"),
            LandingPage.Link("Flow", address: HealthRoutes.flowingPath, description: "or which streams are silent"),
        ]
        rendering = SharedRendering(on: ServingThreads.documents) { view in
            let table = page.table()
            try view.check(columns: table?.header ?? [])
            let html = page.html(routes: links, readiness: readiness(), table: table, view: view)
            return Rendering(Array(html.utf8))
        }
    }

    func add(to router: Router<some RequestContext>) {
        router.on(prefix.route(Self.path), [.get, .head]) { request, _ in
            // Links of the page are relative to a path that ends in a slash.
            if request.uri.path == prefix.path { return .redirect(to: prefix.externalURL) }
            return try await respond(to: request)
        }
    }

    private func respond(to request: Request) async throws -> Response {
        let arrival = ContinuousClock.now
        let coding = ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding])
        do {
            let view = try LandingPageView(QueryString(request.uri.query))
            guard let body = try await limit.admit({ try await rendering.body(view, coding, arrival: arrival) }) ?? nil
            else { return .plainText(.serviceUnavailable, limit.refusal) }
            return .shared(
                body,
                coding,
                [
                    .contentType: "text/html; charset=utf-8",
                    .cacheControl: "no-store",
                    .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
                    .vary: "Accept-Encoding",
                ]
            )
        } catch let error as EndpointError {
            return .plainText(HTTPResponse.Status(code: error.status), error.description)
        }
    }
}

extension Response {
    /// Status 302.
    static func redirect(to address: String) -> Response {
        .plainText(.found, headers: [.location: address], "See \(address)")
    }
}
