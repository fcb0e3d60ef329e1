import HTTPTypes
import Hummingbird

extension Router {
    private static var allMethods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch]
    }

    /// Answers these methods of a path, and all others with 405 and the `Allow` header that it requires.
    func on(
        _ path: String,
        _ methods: [HTTPRequest.Method],
        refusal: String? = nil,
        _ respond: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        for method in Self.allMethods {
            if methods.contains(method) {
                on(RouterPath(path), method: method) { request, context in try await respond(request, context) }
            } else {
                on(RouterPath(path), method: method) { request, _ -> Response in
                    throw HTTPError(
                        .methodNotAllowed,
                        headers: [.allow: allowed],
                        message: refusal ?? "\(request.method.rawValue) is not allowed here, use \(allowed)."
                    )
                }
            }
        }
    }
}
