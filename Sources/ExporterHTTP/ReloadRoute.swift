import Hummingbird

/// `POST /-/reload`, where the operator permits it.
struct ReloadRoute: Sendable {
    static let path = "/-/reload"

    let prefix: RoutePrefix
    /// Reads the configuration again and applies it; nil where reloading over HTTP is not enabled.
    let reload: (@Sendable () async throws -> Void)?

    func add(to router: Router<some RequestContext>) {
        let path = prefix.route(Self.path)
        guard let reload else {
            return router.on(path, [.post, .put]) { _, _ in
                .plainText(.forbidden, "Lifecycle API is not enabled.")
            }
        }
        router.on(path, [.post, .put], refusal: "This endpoint requires a POST request.") { _, _ in
            do {
                // Loading the bars of new pairs takes longer than the connections of an event loop should wait.
                try await withTaskExecutorPreference(globalConcurrentExecutor) { try await reload() }
                return .plainText(.ok, "The configuration was reloaded.")
            } catch let error as EndpointError {
                return .plainText(.internalServerError, "failed to reload config: \(error)")
            } catch {
                return .plainText(.internalServerError, "failed to reload config; the exporter's log says why.")
            }
        }
    }
}
