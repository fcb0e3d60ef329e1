import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// One connection to a WebSocket server, from the name lookup to the end (RFC 6455).
struct WebSocketConnection: Sendable {
    private static let connectTimeout = TimeAmount.seconds(10)
    private static let handshakeTimeout = TimeAmount.seconds(10)

    let endpoint: WebSocketEndpoint
    /// The proxy for the connection, nil for none.
    var proxy: ProxySettings.Proxy?
    /// Required where the endpoint uses TLS.
    let tls: NIOSSLContext?
    /// Adds the handlers that process the frames, once the handshake has succeeded.
    let addFrameHandlers: @Sendable (any Channel, ConnectionEnd) throws -> Void

    /// Connects and waits until the connection has ended. Returns nil when the task was cancelled; the socket then
    /// closes.
    func run() async -> Disconnect? {
        let end = ConnectionEnd()
        let finished = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        await withTaskCancellationHandler {
            start(end: end, finished: finished)
            try? await finished.futureResult.get()
        } onCancel: {
            end.cancel()
            finished.succeed()
        }
        return Task.isCancelled ? nil : end.disconnect
    }

    private func start(end: ConnectionEnd, finished: EventLoopPromise<Void>) {
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                end.track(channel)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .connect(host: proxy?.host ?? endpoint.host, port: proxy?.port ?? endpoint.port)
            .whenComplete { result in
                switch result {
                case .failure(let error):
                    end.record(.connect, "\(error)")
                    finished.succeed()
                case .success(let channel):
                    channel.closeFuture.whenComplete { _ in finished.succeed() }
                    guard let proxy else { return beginHandshake(on: channel, end: end) }
                    ProxyTunnel(proxy: proxy, endpoint: endpoint).open(on: channel, end: end)
                        .whenSuccess { beginHandshake(on: channel, end: end) }
                }
            }
    }

    private func beginHandshake(on channel: any Channel, end: ConnectionEnd) {
        do {
            try shakeHands(on: channel, end: end)
        } catch {
            end.record(.error, "\(error)")
            channel.close(promise: nil)
        }
    }

    /// Sends the upgrade request over an open channel and, once it is granted, adds the frame handlers.
    private func shakeHands(on channel: any Channel, end: ConnectionEnd) throws {
        let timeout = channel.eventLoop.scheduleTask(in: Self.handshakeTimeout) {
            end.record(.handshake, "no answer within \(Self.handshakeTimeout.nanoseconds / 1_000_000_000) s")
            channel.close(promise: nil)
        }
        let pipeline = channel.pipeline.syncOperations
        if endpoint.isTLS, let tls {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
        }
        try pipeline.addHandler(ConnectionErrorHandler(end: end))
        let encoder = HTTPRequestEncoder()
        // The first frames often arrive with the response and must not be dropped.
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let upgrade = NIOTypedHTTPClientUpgradeHandler(
            httpHandlers: [encoder, decoder],
            upgradeConfiguration: upgradeConfiguration(end: end)
        )
        try pipeline.addHandlers([encoder, decoder])
        try pipeline.addHandler(upgrade)
        upgrade.upgradeResultFuture.whenComplete { result in
            timeout.cancel()
            if case .failure(let error) = result {
                end.record(.handshake, "the WebSocket handshake failed: \(error)")
                channel.close(promise: nil)
            }
        }
    }

    private func upgradeConfiguration(end: ConnectionEnd) -> NIOTypedHTTPClientUpgradeConfiguration<Void> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Void>(
            maxFrameSize: WebSocketLimits.largestFrame,
            enableAutomaticErrorHandling: false
        ) { [addFrameHandlers] channel, _ in
            // The handlers read the frames themselves (``WebSocketMessageReader``). NIO delivers no bytes before this
            // future completes.
            channel.eventLoop.flatSubmit {
                let pipeline = channel.pipeline.syncOperations
                do {
                    return pipeline.removeHandler(
                        try pipeline.handler(type: ByteToMessageHandler<WebSocketFrameDecoder>.self)
                    )
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }
            .flatMapThrowing { try addFrameHandlers(channel, end) }
        }
        let headers: HTTPHeaders = ["Host": endpoint.authority, "User-Agent": "pairs-exporter", "Content-Length": "0"]
        return NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: HTTPRequestHead(
                version: .http1_1,
                method: .GET,
                uri: endpoint.target,
                headers: headers
            ),
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HandshakeRefusalHandler(end: end))
                }
            }
        )
    }

    /// The name for SNI and verification; nil for an IP address, which NIO verifies as an address.
    private var serverName: String? {
        (try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port)) == nil ? endpoint.host : nil
    }
}
