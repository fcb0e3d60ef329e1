import Hummingbird

/// `POST /-/reload`, where the operator permits it.
struct ReloadRoute: Sendable {
    static let path = "/-/reload"

    /// Takes the configuration anew; nil where reloading over HTTP is not enabled.
    let reload: (@Sendable () async throws -> Void)?

    func add(to router: Router<some RequestContext>) {
        guard let reload else {
            return router.on(Self.path, [.post, .put]) { _, _ in
                .plainText(.forbidden, "Lifecycle API is not enabled.")
            }
        }
        router.on(Self.path, [.post, .put], refusal: "This endpoint requires a POST request.") { _, _ in
            do {
                // Warming new pairs takes longer than the connections of an event loop should wait.
                try await withTaskExecutorPreference(globalConcurrentExecutor) { try await reload() }
                return .plainText(.ok, "The configuration was reloaded.")
            } catch {
                return .plainText(.internalServerError, "failed to reload config: \(error)")
            }
        }
    }
}
