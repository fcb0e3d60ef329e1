import NIOCore

/// Reports received bytes before the next handler processes them.
final class InboundByteCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let onBytes: (ByteBuffer) -> Void

    init(_ onBytes: @escaping (ByteBuffer) -> Void) {
        self.onBytes = onBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        onBytes(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }
}
