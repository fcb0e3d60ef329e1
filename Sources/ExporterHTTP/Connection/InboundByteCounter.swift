import NIOCore

/// Reports bytes that have arrived, before anything is made of them.
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
