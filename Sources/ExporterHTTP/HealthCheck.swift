import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks a running exporter how it is, as a container's health check does that has no other program to ask with.
///
/// ```swift
/// try await HealthCheck(address: ListenAddress(parsing: ":10200")).run()
/// ```
package struct HealthCheck: Sendable {
    /// What is asked.
    package enum Question: Sendable, Hashable {
        /// Whether the process serves.
        case healthy
        /// Whether the past is loaded and a window is warm.
        case ready
        /// Whether enough streams bring data.
        case flowing

        var path: String {
            switch self {
            case .healthy: HealthRoutes.healthyPath
            case .ready: HealthRoutes.readyPath
            case .flowing: HealthRoutes.flowingPath
            }
        }
    }

    private static let maximumAnswer = 16_384

    private let address: ListenAddress
    private let question: Question
    private let prefix: RoutePrefix
    private let usesTLS: Bool
    private let timeout: Duration

    /// A check of the exporter that listens on an address.
    ///
    /// - Parameters:
    ///   - address: As the exporter was told; all interfaces are asked on the loopback one.
    ///   - question: What is asked.
    ///   - prefix: Where the exporter's routes begin.
    ///   - usesTLS: Whether the exporter expects TLS. Its certificate is not verified: nothing secret is sent, and the
    ///     name in it is not that of the loopback interface.
    ///   - timeout: How long the answer may take to begin.
    package init(
        address: ListenAddress,
        question: Question = .healthy,
        prefix: RoutePrefix = .none,
        usesTLS: Bool = false,
        timeout: Duration = .seconds(4)
    ) {
        self.address = address
        self.question = question
        self.prefix = prefix
        self.usesTLS = usesTLS
        self.timeout = timeout
    }

    /// Returns what the exporter answers when it answers 200.
    ///
    /// - Throws: ``HealthCheckError``, or `CancellationError`.
    @discardableResult
    package func run() async throws -> String {
        let (status, answer) = try await ask()
        guard status == .ok else {
            throw HealthCheckError.refused(target, status: Int(status.code), answer: answer)
        }
        return answer
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
        return "\(usesTLS ? "https" : "http")://\(name)\(prefix.route(question.path))"
    }

    private var configuration: HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(timeout)
        configuration.timeout.read = TimeAmount(timeout)
        // Whoever asks asks again after a while.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func ask() async throws -> (status: HTTPResponseStatus, answer: String) {
        do {
            return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                let request = HTTPClientRequest(url: target)
                let response = try await client.execute(request, timeout: TimeAmount(timeout))
                let body = try await response.body.collect(upTo: Self.maximumAnswer)
                return (response.status, String(buffer: body))
            }
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw HealthCheckError.noAnswer(target, reason: "nothing came within \(timeout)")
        } catch {
            try Task.checkCancellation()
            throw HealthCheckError.noAnswer(target, reason: "\(error)")
        }
    }
}
