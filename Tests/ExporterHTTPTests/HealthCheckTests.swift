import ExporterHTTP
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(10)))
struct HealthCheckTests {
    private static let patience = Duration.seconds(300)

    private func check(_ address: ListenAddress, _ question: HealthCheck.Question = .healthy) -> HealthCheck {
        HealthCheck(address: address, question: question, timeout: Self.patience)
    }

    @Test("an exporter that serves is healthy, whether it is ready or not")
    func healthy() async throws {
        try await RunningServer.with(readiness: { .notReady(reasons: ["feed okx: connecting"]) }) { server in
            let answer = try await check(server.address).run()
            #expect(answer.contains("healthy"))
            let refusal = await #expect(throws: HealthCheckError.self) {
                try await check(server.address, .ready).run()
            }
            guard case .refused(_, status: 503, let reasons) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(reasons.contains("feed okx: connecting"))
        }
        try await RunningServer.with { server in
            let answer = try await check(server.address, .ready).run()
            #expect(answer.contains("ready"))
        }
    }

    @Test("for all interfaces the loopback one is used", arguments: ["0.0.0.0", ""])
    func wildcard(host: String) async throws {
        try await RunningServer.with { server in
            let port = try #require(UInt16(exactly: server.address.port))
            let answer = try await check(ListenAddress(host: host, port: port)).run()
            #expect(answer.contains("healthy"))
        }
    }

    @Test("where nothing listens there is no response")
    func nobody() async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port.flatMap(UInt16.init(exactly:)))
        try await listener.close()
        let refusal = await #expect(throws: HealthCheckError.self) {
            try await check(ListenAddress(host: "127.0.0.1", port: port)).run()
        }
        guard case .noAnswer(let target, _) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(target == "http://127.0.0.1:\(port)/-/healthy")
    }

    @Test("a server that accepts but sends nothing times out")
    func silence() async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port.flatMap(UInt16.init(exactly:)))
        let check = HealthCheck(
            address: ListenAddress(host: "127.0.0.1", port: port),
            timeout: .milliseconds(200)
        )
        await #expect(throws: HealthCheckError.self) { try await check.run() }
        try await listener.close()
    }
}
