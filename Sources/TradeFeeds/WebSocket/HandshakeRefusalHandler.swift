import NIOCore
import NIOHTTP1

/// Reads the start of a response that refuses the upgrade, records its text, and closes the channel.
final class HandshakeRefusalHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// The time within which the text must arrive.
    private static let timeout = TimeAmount.seconds(2)

    private let end: ConnectionEnd
    private var body = ByteBuffer()
    private var partCount = 0
    private var deadline: Scheduled<Void>?

    init(end: ConnectionEnd) {
        self.end = end
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: Self.timeout) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            end.recordRefusal(status: head.status, retryAfter: head.headers.first(name: "Retry-After"))
        case .body(var part):
            partCount += 1
            body.writeBuffer(&part)
            if body.readableBytes >= VenueErrorText.longestBody || partCount >= VenueErrorText.longestBody {
                finish(context: context)
            }
        case .end:
            finish(context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        addErrorText()
        context.fireChannelInactive()
    }

    private func finish(context: ChannelHandlerContext) {
        addErrorText()
        context.close(promise: nil)
    }

    private func addErrorText() {
        if let errorText = VenueErrorText.text(of: body.readableBytesView) { end.addErrorText(errorText) }
    }
}
