import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PrometheusExposition

/// The routes that the program adds.
struct EndpointRoutes: Sendable {
    private static let executor = EventLoopExecutor(ServingThreads.computations)

    let prefix: RoutePrefix
    let endpoints: [Endpoint]
    let documentLimit: RequestLimit
    let computationLimit: RequestLimit
    let table: ConnectionTable
    let logger: Logger

    func add(to router: Router<ConnectionContext>) {
        for endpoint in endpoints {
            router.on(prefix.route(endpoint.path), [.get, .head]) { request, context in
                do {
                    return try await respond(to: request, context, endpoint)
                } catch let error as EndpointError {
                    return .plainText(HTTPResponse.Status(code: error.status), error.description)
                } catch is CancellationError {
                    return .plainText(.serviceUnavailable, "The exporter is stopping.")
                } catch {
                    logger.error("request failed", metadata: ["path": "\(endpoint.path)", "reason": "\(error)"])
                    return .plainText(.internalServerError, "The request failed; the exporter's log says why.")
                }
            }
        }
    }

    private func respond(
        to request: Request,
        _ context: ConnectionContext,
        _ endpoint: Endpoint
    ) async throws -> Response {
        let arrival = ContinuousClock.now
        let coding = ContentCoding.negotiate(acceptEncoding: request.headers[.acceptEncoding])
        let question = EndpointRequest(
            query: QueryString(request.uri.query).parameters,
            pathParameters: try Self.decoded(context.parameters),
            accept: request.headers[.accept]
        )
        switch endpoint.source {
        case .document(let document, let part):
            let body = try await documentLimit.admit {
                let part = try part(question)
                return try await document.rendering.body(.init(), coding, part: part, arrival: arrival)
            }
            guard let body else { return .plainText(.serviceUnavailable, documentLimit.refusal) }
            guard let body else { throw EndpointError.notFound("This name does not exist yet, try again later.") }
            return .shared(body, coding, Self.headers(document.contentType))
        case .computation(let compute):
            let client = table.client(of: context.channel)
            let answer = try await computationLimit.admit {
                try await client.whileConnected(on: Self.executor) { () -> (ByteBuffer, String) in
                    let answer = try await compute(question)
                    let body = coding == .gzip ? try Gzip.compress(answer.body) : answer.body
                    return (ByteBuffer(bytes: body), answer.contentType)
                }
            }
            guard let (body, contentType) = answer else {
                return .plainText(.serviceUnavailable, computationLimit.refusal)
            }
            return .shared(body, coding, Self.headers(contentType))
        }
    }

    /// The values of the path's parameters without percent-encoding.
    private static func decoded(_ parameters: Parameters) throws(EndpointError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, text) in parameters {
            guard let value = text.removingPercentEncoding else {
                throw .badRequest("The path is no percent-encoded UTF-8 text; write %25 for a percent sign.")
            }
            values[String(name)] = value
        }
        return values
    }

    private static func headers(_ contentType: String) -> HTTPFields {
        [.contentType: contentType, .cacheControl: "no-store", .vary: "Accept, Accept-Encoding"]
    }
}
