import NIOCore
import NIOHTTP1

/// Reads the status of an answer that is not the upgrade, and closes.
final class HandshakeRefusalHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let end: ConnectionEnd

    init(end: ConnectionEnd) {
        self.end = end
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            let header = head.headers.first(name: "Retry-After")
            end.record(
                .handshake,
                "the server answered \(head.status)\(header.map { ", Retry-After \($0)" } ?? "")",
                retryAfter: RetryAfter.patience(status: Int(head.status.code), header: header)
            )
            context.close(promise: nil)
        }
    }
}
