import HTTPTypes
import Hummingbird

/// Accepts configured users and adds the configured headers; health, readiness and flow need no password.
struct Authentication: RouterMiddleware {
    let security: @Sendable () -> WebSecurity
    let prefix: RoutePrefix
    let table: ConnectionTable
    let check = PasswordCheck()

    func handle(
        _ request: Request,
        context: ConnectionContext,
        next: (Request, ConnectionContext) async throws -> Response
    ) async throws -> Response {
        let configuration = security().configuration
        var response = try await answer(request, context, configuration.users, next)
        for (name, value) in configuration.headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private func answer(
        _ request: Request,
        _ context: ConnectionContext,
        _ users: [String: String],
        _ next: (Request, ConnectionContext) async throws -> Response
    ) async throws -> Response {
        if users.isEmpty || isOpen(request.uri.path) { return try await next(request, context) }
        guard let credentials = request.headers[.authorization].flatMap(Credentials.init) else {
            return .plainText(.unauthorized, headers: [.wwwAuthenticate: "Basic"], "Unauthorized")
        }
        let answer: PasswordCheck.Answer
        if let known = check.cachedAnswer(credentials, users: users) {
            answer = known
        } else {
            let client = table.client(of: context.channel)
            let executor = EventLoopExecutor(context.channel.eventLoop)
            answer = try await client.whileConnected(on: executor) {
                await check.answer(credentials, users: users, from: client.address)
            }
        }
        switch answer {
        case .right: return try await next(request, context)
        case .wrong: return .plainText(.unauthorized, headers: [.wwwAuthenticate: "Basic"], "Unauthorized")
        case .abandoned: return .plainText(.serviceUnavailable, "The exporter is stopping.")
        }
    }

    private func isOpen(_ path: String) -> Bool {
        let open = [HealthRoutes.healthyPath, HealthRoutes.readyPath, HealthRoutes.flowingPath]
        return open.contains { prefix.route($0) == path }
    }
}
