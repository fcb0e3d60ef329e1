import Hummingbird

/// `/-/healthy`, `/-/ready` and `/-/flowing`.
struct HealthRoutes: Sendable {
    static let healthyPath = "/-/healthy"
    static let readyPath = "/-/ready"
    static let flowingPath = "/-/flowing"

    let prefix: RoutePrefix
    let name: String
    let readiness: @Sendable () -> Readiness
    let flow: @Sendable () -> Readiness

    func add(to router: Router<some RequestContext>) {
        router.on(prefix.route(Self.healthyPath), [.get, .head]) { _, _ in
            .plainText(.ok, "\(name) is healthy.")
        }
        router.on(prefix.route(Self.readyPath), [.get, .head]) { _, _ in
            answer(readiness(), yes: "\(name) is ready.", no: "\(name) is not ready.")
        }
        router.on(prefix.route(Self.flowingPath), [.get, .head]) { _, _ in
            answer(flow(), yes: "\(name) has data.", no: "\(name) lacks data.")
        }
    }

    private func answer(_ readiness: Readiness, yes: String, no: String) -> Response {
        switch readiness {
        case .ready: .plainText(.ok, yes)
        case .notReady(let reasons): .plainText(.serviceUnavailable, ([no] + reasons).joined(separator: "\n"))
        }
    }
}
