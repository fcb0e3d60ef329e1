import Hummingbird

/// `/`, the page for people.
struct LandingPageRoutes: Sendable {
    static let path = "/"

    let page: LandingPage
    let telemetryPath: String
    let readiness: @Sendable () -> Readiness

    func add(to router: Router<some RequestContext>) {
        router.on(Self.path, [.get, .head], respond)
    }

    @Sendable private func respond(to request: Request, _ parameters: Parameters) -> Response {
        let routes = [
            LandingPage.Link("Metrics", address: telemetryPath, description: "for Prometheus"),
            LandingPage.Link("Health", address: HealthRoutes.healthyPath, description: "the process answers"),
            LandingPage.Link("Readiness", address: HealthRoutes.readyPath, description: "or what is still missing"),
        ]
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .cacheControl: "no-store",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.html(routes: routes, readiness: readiness())))
        )
    }
}
