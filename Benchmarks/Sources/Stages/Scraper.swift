import NIOCore
import NIOHTTP1

/// One connection that asks for the metrics again and again; lives on its event loop.
final class Scraper: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let isCompressed: Bool
    private let pause: TimeAmount
    private let end: NIODeadline
    private let onAnswer: (Double) -> Void
    private var asked = NIODeadline.now()

    /// - Parameter onAnswer: Hears how many seconds passed from a request to the end of its answer.
    init(isCompressed: Bool, pause: TimeAmount, end: NIODeadline, onAnswer: @escaping (Double) -> Void) {
        self.isCompressed = isCompressed
        self.pause = pause
        self.end = end
        self.onAnswer = onAnswer
    }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status != .ok { fail("scrape: \(head.status)") }
        case .body: break
        case .end:
            onAnswer(Double((NIODeadline.now() - asked).nanoseconds) * 1e-9)
            guard pause > .zero else { return ask(context) }
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: pause) {
                let (scraper, context) = loopBound.value
                scraper.ask(context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("scrape: \(error)")
    }

    private func ask(_ context: ChannelHandlerContext) {
        guard NIODeadline.now() < end else { return context.close(promise: nil) }
        asked = .now()
        var headers: HTTPHeaders = ["Host": "localhost", "Accept": "text/plain;version=0.0.4"]
        if isCompressed { headers.add(name: "Accept-Encoding", value: "gzip") }
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, method: .GET, uri: "/metrics", headers: headers))),
            promise: nil
        )
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
