import Hummingbird

/// `/-/healthy` and `/-/ready`.
struct HealthRoutes: Sendable {
    static let healthyPath = "/-/healthy"
    static let readyPath = "/-/ready"

    let name: String
    let readiness: @Sendable () -> Readiness

    func add(to router: Router<some RequestContext>) {
        router.on(Self.healthyPath, [.get, .head]) { _, _ in
            .plainText(.ok, "\(name) is healthy.")
        }
        router.on(Self.readyPath, [.get, .head]) { _, _ in
            switch readiness() {
            case .ready:
                .plainText(.ok, "\(name) is ready.")
            case .notReady(let reasons):
                .plainText(
                    .serviceUnavailable,
                    (["\(name) is not ready."] + reasons).joined(separator: "\n")
                )
            }
        }
    }
}
