import Hummingbird
import Logging
import PrometheusExposition

/// The telemetry path.
struct ScrapeRoutes: Sendable {
    let path: String
    let rendering: SharedRendering
    let limit: RequestLimit
    let metrics: ScrapeMetrics
    let logger: Logger

    func add(to router: Router<some RequestContext>) {
        router.on(path, [.get, .head], respond)
    }

    @Sendable private func respond(to request: Request, _ parameters: Parameters) async -> Response {
        metrics.inFlight.add(1)
        defer { metrics.inFlight.add(-1) }
        let format = ExpositionFormat.negotiate(accept: request.headers[.accept])
        let coding = ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding])
        let arrival = ContinuousClock.now
        do {
            let body = try await limit.admit {
                try await rendering.body(format, Self.names(in: request), coding, arrival: arrival)
            }
            guard let body else {
                metrics.requests[503].increment()
                return .plainText(.serviceUnavailable, limit.refusal)
            }
            metrics.requests[200].increment()
            return Self.response(body, format, coding)
        } catch {
            metrics.requests[500].increment()
            logger.error("Scrape failed", metadata: ["error": "\(error)"])
            return .plainText(.internalServerError, "An error has occurred while serving metrics:\n\n\(error)")
        }
    }

    /// The families asked for by `name[]`, as client_golang has it; nil for all.
    private static func names(in request: Request) -> Set<String>? {
        let names = QueryString(request.uri.query).values("name[]")
        return names.isEmpty ? nil : Set(names)
    }

    private static func response(_ body: ByteBuffer, _ format: ExpositionFormat, _ coding: ContentCoding) -> Response {
        var headers: HTTPFields = [.contentType: format.contentType, .vary: "Accept, Accept-Encoding"]
        if coding == .gzip {
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
