import Hummingbird
import Logging
import PrometheusExposition

/// The telemetry path.
struct ScrapeRoutes: Sendable {
    /// A rendered exposition as it goes over the wire.
    struct Rendering: Sendable {
        let body: ByteBuffer
        let format: ExpositionFormat
        let coding: ContentCoding
    }

    let path: String
    let exposition: @Sendable (ExpositionFormat) throws -> [UInt8]
    let metrics: ScrapeMetrics
    let logger: Logger

    func add(to router: Router<some RequestContext>) {
        router.on(path, [.get, .head], respond)
    }

    @Sendable private func respond(to request: Request) -> Response {
        metrics.inFlight.add(1)
        defer { metrics.inFlight.add(-1) }
        let format = ExpositionFormat.negotiate(accept: request.headers[.accept])
        let coding = ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding])
        do {
            let rendering = try render(format, coding)
            metrics.requests[200].increment()
            return Self.response(rendering)
        } catch {
            metrics.requests[500].increment()
            logger.error("Scrape failed", metadata: ["error": "\(error)"])
            return .plainText(.internalServerError, "An error has occurred while serving metrics:\n\n\(error)")
        }
    }

    private func render(_ format: ExpositionFormat, _ coding: ContentCoding) throws -> Rendering {
        let plain = try exposition(format)
        let bytes =
            switch coding {
            case .identity: plain
            case .gzip: try Gzip.compress(plain)
            }
        return Rendering(body: ByteBuffer(bytes: bytes), format: format, coding: coding)
    }

    private static func response(_ rendering: Rendering) -> Response {
        var headers: HTTPFields = [.contentType: rendering.format.contentType, .vary: "Accept, Accept-Encoding"]
        if rendering.coding == .gzip {
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: rendering.body))
    }
}
