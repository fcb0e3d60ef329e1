import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks a running exporter how it is, as a container's health check does that has no other program to ask with.
///
/// ```swift
/// try await HealthCheck(address: ListenAddress(parsing: ":10200")).run()
/// ```
public struct HealthCheck: Sendable {
    /// What is asked.
    public enum Question: Sendable, Hashable {
        /// Whether the process serves.
        case healthy
        /// Whether every feed flows and a window is warm.
        case ready

        var path: String {
            switch self {
            case .healthy: HealthRoutes.healthyPath
            case .ready: HealthRoutes.readyPath
            }
        }
    }

    private static let maximumAnswer = 16_384

    private let address: ListenAddress
    private let question: Question
    private let usesTLS: Bool
    private let timeout: Duration

    /// A check of the exporter that listens on an address.
    ///
    /// - Parameters:
    ///   - address: As the exporter was told; all interfaces are asked on the loopback one.
    ///   - question: What is asked.
    ///   - usesTLS: Whether the exporter expects TLS. Its certificate is not verified: nothing secret is sent, and the
    ///     name in it is not that of the loopback interface.
    ///   - timeout: How long connecting, asking and the answer may take together.
    public init(
        address: ListenAddress,
        question: Question = .healthy,
        usesTLS: Bool = false,
        timeout: Duration = .seconds(4)
    ) {
        self.address = address
        self.question = question
        self.usesTLS = usesTLS
        self.timeout = timeout
    }

    /// Returns what the exporter answers when it answers 200.
    ///
    /// - Throws: ``HealthCheckError``.
    @discardableResult
    public func run() async throws -> String {
        try await withThrowingTaskGroup(of: String.self) { tasks in
            tasks.addTask { try await ask() }
            tasks.addTask {
                try await Task.sleep(for: timeout)
                throw HealthCheckError.noAnswer(target, reason: "nothing came within \(timeout)")
            }
            defer { tasks.cancelAll() }
            guard let answer = try await tasks.next() else { throw CancellationError() }
            return answer
        }
    }

    private var host: String {
        switch address.host {
        case "": "localhost"
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: address.host
        }
    }

    private var target: String {
        let name = ListenAddress(host: host, port: UInt16(clamping: address.port)).description
        return "\(usesTLS ? "https" : "http")://\(name)\(question.path)"
    }

    private func ask() async throws -> String {
        let (head, body) = try await exchange()
        let text = String(buffer: body)
        guard head.status == .ok else {
            throw HealthCheckError.refused(target, status: Int(head.status.code), answer: text)
        }
        return text
    }

    private func exchange() async throws -> (HTTPResponseHead, ByteBuffer) {
        do {
            let channel = try await connect()
            return try await channel.executeThenClose { inbound, outbound in
                let headers: HTTPHeaders = ["Host": host, "Connection": "close"]
                try await outbound.write(
                    .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: question.path, headers: headers))
                )
                try await outbound.write(.end(nil))
                var head: HTTPResponseHead?
                var body = ByteBuffer()
                for try await part in inbound {
                    switch part {
                    case .head(let received): head = received
                    case .body(let piece) where body.readableBytes + piece.readableBytes <= Self.maximumAnswer:
                        body.writeImmutableBuffer(piece)
                    case .body: throw HealthCheckError.noAnswer(target, reason: "the answer is too long")
                    case .end:
                        guard let head else { break }
                        return (head, body)
                    }
                }
                throw HealthCheckError.noAnswer(target, reason: "the connection ended without an answer")
            }
        } catch let error as HealthCheckError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw HealthCheckError.noAnswer(target, reason: "\(error)")
        }
    }

    private typealias Exchange = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func connect() async throws -> Exchange {
        var context: NIOSSLContext?
        if usesTLS {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            context = try NIOSSLContext(configuration: configuration)
        }
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: host, port: address.port) { [context] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(try NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try pipeline.addHTTPClientHandlers()
                    return try Exchange(wrappingChannelSynchronously: channel)
                }
            }
    }
}
