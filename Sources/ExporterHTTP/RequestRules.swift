import HTTPTypes
import Hummingbird

/// What holds for every request, whatever its route: bounded bodies, errors as plain text, no body in answer to HEAD,
/// and no guessing of content types.
struct RequestRules<Context: RequestContext>: RouterMiddleware {
    /// No route reads a body, so that a request has little reason to bring one.
    static var maximumBodySize: Int { 64 * 1024 }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            try Self.checkBodySize(request)
            response = try await next(request, context)
        } catch let error as HTTPError {
            response = .plainText(error.status, headers: error.headers, error.body ?? error.status.reasonPhrase)
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        return request.method == .head ? response.createHeadResponse() : response
    }

    private static func checkBodySize(_ request: Request) throws {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }), length > maximumBodySize else {
            return
        }
        throw HTTPError(.contentTooLarge, message: "The body is greater than \(maximumBodySize) bytes.")
    }
}
