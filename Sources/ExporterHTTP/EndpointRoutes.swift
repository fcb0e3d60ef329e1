import HTTPTypes
import Hummingbird
import Logging
import PrometheusExposition

/// The routes that the program adds.
struct EndpointRoutes: Sendable {
    let endpoints: [Endpoint]
    let limit: RequestLimit
    let logger: Logger

    func add(to router: Router<some RequestContext>) {
        for endpoint in endpoints {
            router.on(endpoint.path, [.get, .head]) { request, parameters in
                // A probe may compute for longer than the connections of an event loop should wait.
                try await withTaskExecutorPreference(globalConcurrentExecutor) {
                    try await respond(to: request, parameters, endpoint)
                }
            }
        }
    }

    private func respond(to request: Request, _ parameters: Parameters, _ endpoint: Endpoint) async throws -> Response {
        let question = EndpointRequest(
            query: QueryString(request.uri.query).parameters,
            pathParameters: Dictionary(
                parameters.map { (String($0.key), String($0.value)) },
                uniquingKeysWith: { first, _ in first }
            ),
            accept: request.headers[.accept]
        )
        do {
            guard let answer = try await limit.admit({ try await endpoint.respond(question) }) else {
                return .plainText(.serviceUnavailable, limit.refusal)
            }
            return try Self.response(answer, to: request)
        } catch let error as EndpointError {
            return .plainText(HTTPResponse.Status(code: error.status), error.description)
        } catch {
            logger.error("Request failed", metadata: ["path": "\(endpoint.path)", "reason": "\(error)"])
            return .plainText(.internalServerError, "\(error)")
        }
    }

    private static func response(_ answer: EndpointResponse, to request: Request) throws -> Response {
        var headers: HTTPFields = [
            .contentType: answer.contentType, .cacheControl: "no-store", .vary: "Accept, Accept-Encoding",
        ]
        var body = answer.body
        if ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding]) == .gzip {
            headers[.contentEncoding] = "gzip"
            body = try Gzip.compress(body)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
