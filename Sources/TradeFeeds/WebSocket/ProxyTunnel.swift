import NIOCore
import NIOHTTP1

/// A tunnel to a server through an HTTP proxy (RFC 9110 section 9.3.6).
struct ProxyTunnel: Sendable {
    private static let timeout = TimeAmount.seconds(10)

    let proxy: ProxySettings.Proxy
    let endpoint: WebSocketEndpoint

    /// Requests the tunnel over an open channel. The future succeeds once all further bytes of the channel come from
    /// the server. When the proxy refuses, the reason is recorded and the channel is closed.
    func open(on channel: any Channel, end: ConnectionEnd) -> EventLoopFuture<Void> {
        let granted = channel.eventLoop.makePromise(of: Void.self)
        let timeout = channel.eventLoop.scheduleTask(in: Self.timeout) { [proxy] in
            end.record(.connect, "no answer of the proxy \(proxy) within \(Self.timeout.nanoseconds / 1_000_000_000) s")
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in
            timeout.cancel()
            granted.fail(ChannelError.ioOnClosedChannel)
        }
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let pipeline = channel.pipeline.syncOperations
        let handler = ProxyConnectHandler(tunnel: self, end: end, granted: granted)
        do {
            try pipeline.addHandlers([encoder, decoder, handler])
        } catch {
            end.record(.error, "\(error)")
            channel.close(promise: nil)
        }
        return granted.futureResult.assumeIsolated().flatMap {
            timeout.cancel()
            return pipeline.removeHandler(handler)
                .and(pipeline.removeHandler(decoder))
                .and(pipeline.removeHandler(encoder))
                .map { _ in }
        }.nonisolated()
    }

    fileprivate var request: HTTPRequestHead {
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        let target = "\(host):\(endpoint.port)"
        var headers: HTTPHeaders = ["Host": target, "User-Agent": "pairs-exporter"]
        if let credentials = proxy.credentials {
            headers.add(name: "Proxy-Authorization", value: "Basic \(credentials)")
        }
        return HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: target, headers: headers)
    }
}

/// Sends CONNECT and reads the response.
private final class ProxyConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let tunnel: ProxyTunnel
    private let end: ConnectionEnd
    private let granted: EventLoopPromise<Void>
    private var isGranted = false

    init(tunnel: ProxyTunnel, end: ConnectionEnd, granted: EventLoopPromise<Void>) {
        self.tunnel = tunnel
        self.end = end
        self.granted = granted
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(tunnel.request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where (200..<300).contains(head.status.code):
            isGranted = true
        case .head(let head):
            let answer = "\(head.status.code) to CONNECT \(tunnel.request.uri)"
            end.record(.connect, "the proxy \(tunnel.proxy) answered \(answer)")
            context.close(promise: nil)
        case .body:
            break
        case .end:
            if isGranted { granted.succeed() }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end.record(.connect, "the answer of the proxy \(tunnel.proxy) cannot be read: \(error)")
        context.close(promise: nil)
    }
}
