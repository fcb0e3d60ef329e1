import Hummingbird
import Logging
import PrometheusExposition

/// The telemetry path.
///
/// Scrapes of all families and scrapes of chosen families have separate threads and limits, so that many requests of
/// one kind do not delay the other.
struct ScrapeRoutes: Sendable {
    typealias Exposition = @Sendable (ExpositionFormat, Set<String>?) throws -> [UInt8]

    /// What is rendered: a format, and the families that a client chose.
    private struct Choice: Hashable, Sendable {
        let encoding: ExpositionFormat.Encoding
        let names: Set<String>
    }

    private let path: String
    private let all: SharedRendering<ExpositionFormat.Encoding>
    private let chosen: SharedRendering<Choice>
    private let limitOfAll: RequestLimit
    private let limitOfChosen: RequestLimit
    private let metrics: ScrapeMetrics
    private let logger: Logger

    /// - Parameter maximum: how many scrapes of each kind are processed at once, 0 for any number.
    init(path: String, maximum: Int, metrics: ScrapeMetrics, logger: Logger, exposition: @escaping Exposition) {
        self.path = path
        self.metrics = metrics
        self.logger = logger
        all = SharedRendering(on: ServingThreads.expositions) { Rendering(try exposition(ExpositionFormat($0), nil)) }
        chosen = SharedRendering(on: ServingThreads.documents) {
            Rendering(try exposition(ExpositionFormat($0.encoding), $0.names))
        }
        limitOfAll = RequestLimit(maximum)
        limitOfChosen = RequestLimit(maximum)
    }

    func add(to router: Router<some RequestContext>) {
        router.on(path, [.get, .head]) { request, _ in await respond(to: request) }
    }

    private func respond(to request: Request) async -> Response {
        metrics.inFlight.add(1)
        defer { metrics.inFlight.add(-1) }
        let format = ExpositionFormat.negotiate(accept: request.headers[.accept])
        let coding = ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding])
        let names = Set(QueryString(request.uri.query).values("name[]"))
        let arrival = ContinuousClock.now
        let limit = names.isEmpty ? limitOfAll : limitOfChosen
        do {
            let body = try await limit.admit {
                names.isEmpty
                    ? try await all.body(format.encoding, coding, arrival: arrival)
                    : try await chosen.body(Choice(encoding: format.encoding, names: names), coding, arrival: arrival)
            }
            guard let body = body ?? nil else {
                metrics.requests[503].increment()
                return .plainText(.serviceUnavailable, limit.refusal)
            }
            metrics.requests[200].increment()
            let headers: HTTPFields = [.contentType: format.contentType, .vary: "Accept, Accept-Encoding"]
            return .shared(body, coding, headers)
        } catch {
            metrics.requests[500].increment()
            logger.error("scrape failed", metadata: ["error": "\(error)"])
            return .plainText(.internalServerError, "An error has occurred while serving metrics:\n\n\(error)")
        }
    }
}
