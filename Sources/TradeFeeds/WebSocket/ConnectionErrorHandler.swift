import NIOCore
import NIOSSL

/// Records errors of the layers below the WebSocket and closes the channel.
final class ConnectionErrorHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let end: ConnectionEnd

    init(end: ConnectionEnd) {
        self.end = end
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOSSLError.uncleanShutdown:
            end.record(.closed, "the peer closed without a close frame")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            end.record(.tls, "\(error)")
        default:
            end.record(.error, "\(error)")
        }
        context.close(promise: nil)
    }
}
