import HTTPTypes
import Hummingbird
import PrometheusExposition

/// `/`, the page for people.
struct LandingPageRoutes: Sendable {
    static let path = "/"

    let page: LandingPage
    let telemetryPath: String
    let readiness: @Sendable () -> Readiness

    func add(to router: Router<some RequestContext>) {
        router.on(Self.path, [.get, .head], respond)
    }

    private var links: [LandingPage.Link] {
        [
            LandingPage.Link("Metrics", address: telemetryPath, description: "for Prometheus"),
            LandingPage.Link("Health", address: HealthRoutes.healthyPath, description: "the process answers"),
            LandingPage.Link("Readiness", address: HealthRoutes.readyPath, description: "or what is still missing"),
        ]
    }

    @Sendable private func respond(to request: Request, _ parameters: Parameters) throws -> Response {
        let table = page.table()
        let view: LandingPageView
        do {
            view = try LandingPageView(QueryString(request.uri.query), columns: table?.header ?? [])
        } catch {
            return .plainText(HTTPResponse.Status(code: error.status), error.description)
        }
        let html = page.html(routes: links, readiness: readiness(), table: table, view: view)
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .cacheControl: "no-store",
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            .vary: "Accept-Encoding",
        ]
        var body = Array(html.utf8)
        if ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding]) == .gzip {
            headers[.contentEncoding] = "gzip"
            body = try Gzip.compress(body)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
