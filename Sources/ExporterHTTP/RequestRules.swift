import HTTPTypes
import Hummingbird

/// Rules for every route: errors as plain text, no body in a response to HEAD, and no guessing of content types.
struct RequestRules<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPError {
            response = .plainText(error.status, headers: error.headers, error.body ?? error.status.reasonPhrase)
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        return request.method == .head ? response.createHeadResponse() : response
    }
}
