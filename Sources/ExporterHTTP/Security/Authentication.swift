import HTTPTypes
import Hummingbird

/// Lets known users in and adds the configured headers; health and readiness need no password.
struct Authentication<Context: RequestContext>: RouterMiddleware {
    let security: WebSecurity
    let check = PasswordCheck()

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let configuration = security.current.configuration
        var response = try await answer(request, context, configuration.users, next)
        for (name, value) in configuration.headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private func answer(
        _ request: Request,
        _ context: Context,
        _ users: [String: String],
        _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isOpen = [HealthRoutes.healthyPath, HealthRoutes.readyPath].contains(request.uri.path)
        if users.isEmpty || isOpen { return try await next(request, context) }
        if let credentials = request.headers[.authorization].flatMap(Credentials.init),
            await check.accepts(credentials, users: users)
        {
            return try await next(request, context)
        }
        return .plainText(.unauthorized, headers: [.wwwAuthenticate: "Basic"], "Unauthorized")
    }
}
