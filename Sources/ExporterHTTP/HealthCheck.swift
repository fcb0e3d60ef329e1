import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Requests the state of a running exporter, for a container's health check without another HTTP client.
///
/// ```swift
/// try await HealthCheck(address: ListenAddress(parsing: ":10200")).run()
/// ```
package struct HealthCheck: Sendable {
    /// The requested state.
    package enum Question: Sendable, Hashable {
        /// Whether the process serves.
        case healthy
        /// Whether the past is loaded and a window is warm.
        case ready
        /// Whether enough streams deliver data.
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
    ///   - address: The exporter's listen address; for all interfaces the loopback one is used.
    ///   - question: The requested state.
    ///   - prefix: The prefix of the exporter's routes.
    ///   - usesTLS: Whether the exporter expects TLS. Its certificate is not verified: nothing secret is sent, and the
    ///     name in it is not that of the loopback interface.
    ///   - timeout: How long the response may take to begin.
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

    /// Returns the exporter's response text if its status is 200.
    ///
    /// - Throws: ``HealthCheckError``, or `CancellationError`.
    @discardableResult
    package func run() async throws -> String {
        let (status, answer) = try await response()
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
        // The caller repeats the check after a while.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func response() async throws -> (status: HTTPResponseStatus, answer: String) {
        do {
            return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                let request = HTTPClientRequest(url: target)
                let response = try await client.execute(request, timeout: TimeAmount(timeout))
                let body = try await response.body.collect(upTo: Self.maximumAnswer)
                return (response.status, String(buffer: body))
            }
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw HealthCheckError.noAnswer(target, reason: "no response within \(timeout)")
        } catch {
            try Task.checkCancellation()
            throw HealthCheckError.noAnswer(target, reason: "\(error)")
        }
    }
}
