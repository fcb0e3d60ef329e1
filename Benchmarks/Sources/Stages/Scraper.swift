import NIOCore
import NIOHTTP1

/// One connection that requests the metrics repeatedly; confined to its event loop.
final class Scraper: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let isCompressed: Bool
    private let pause: TimeAmount
    private let end: NIODeadline
    private let onAnswer: (Double) -> Void
    private var requestTime = NIODeadline.now()

    /// - Parameter onAnswer: Receives the seconds from a request to the end of its answer.
    init(isCompressed: Bool, pause: TimeAmount, end: NIODeadline, onAnswer: @escaping (Double) -> Void) {
        self.isCompressed = isCompressed
        self.pause = pause
        self.end = end
        self.onAnswer = onAnswer
    }

    func channelActive(context: ChannelHandlerContext) {
        sendRequest(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status != .ok { fail("scrape: \(head.status)") }
        case .body: break
        case .end:
            onAnswer(Double((NIODeadline.now() - requestTime).nanoseconds) * 1e-9)
            guard pause > .zero else { return sendRequest(context) }
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: pause) {
                let (scraper, context) = loopBound.value
                scraper.sendRequest(context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("scrape: \(error)")
    }

    private func sendRequest(_ context: ChannelHandlerContext) {
        guard NIODeadline.now() < end else { return context.close(promise: nil) }
        requestTime = .now()
        var headers: HTTPHeaders = ["Host": "localhost", "Accept": "text/plain;version=0.0.4"]
        if isCompressed { headers.add(name: "Accept-Encoding", value: "gzip") }
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, method: .GET, uri: "/metrics", headers: headers))),
            promise: nil
        )
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
