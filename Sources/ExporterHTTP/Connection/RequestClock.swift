import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches over one connection's requests: who is too slow in asking or in taking the answer is cut off, and what is no
/// HTTP gets the status that says so.
///
/// Lives on its connection's event loop.
final class RequestClock: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        /// No request has begun.
        case idle
        /// A request has begun and not ended; `bytes` of it have arrived before its head was complete.
        case reading(bytes: Int, hasHead: Bool)
        /// The program works on an answer.
        case answering
        /// What was said last ends the connection.
        case closing
    }

    private let limits: ConnectionLimits
    private let table: ConnectionTable
    private var phase = Phase.idle
    private var openRequests = 0
    private var isWriting = false
    private var deadline: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(limits: ConnectionLimits, table: ConnectionTable) {
        self.limits = limits
        self.table = table
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Whoever connects has something to ask.
        arm(limits.requestTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    /// Hears of bytes before they are decoded.
    func bytesArrived(_ count: Int) {
        switch phase {
        case .idle:
            phase = .reading(bytes: count, hasHead: false)
            arm(limits.requestTime)
        case .reading(let bytes, hasHead: false):
            phase = .reading(bytes: bytes + count, hasHead: false)
        case .reading, .answering, .closing:
            break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .closing = phase { return }
        switch unwrapInboundIn(data) {
        case .head:
            openRequests += 1
            if openRequests == 1 { table.note(context.channel, isBusy: true) }
            if case .reading(let bytes, _) = phase { phase = .reading(bytes: bytes, hasHead: true) }
        case .body: break
        case .end:
            phase = .answering
            if !isWriting { deadline?.cancel() }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .reading(let bytes, hasHead: false) = phase, bytes > limits.headBytes {
            refuse(.requestHeaderFieldsTooLarge)
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .closing = phase {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head:
            isWriting = true
            arm(limits.responseTime)
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
            let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
            promise.futureResult.whenComplete { _ in loopBound.value.answered() }
            context.write(data, promise: promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output {
            phase = .closing
            arm(limits.closingTime)
        }
        context.close(mode: mode, promise: promise)
    }

    /// Hears that the client's side has taken a whole answer.
    private func answered() {
        isWriting = false
        openRequests -= 1
        if case .closing = phase { return }
        deadline?.cancel()
        guard openRequests <= 0, let context else { return }
        table.note(context.channel, isBusy: false)
        if case .answering = phase {
            phase = .idle
            arm(limits.idleTime)
        } else if case .reading = phase {
            arm(limits.requestTime)
        }
    }

    private func arm(_ time: TimeAmount) {
        deadline?.cancel()
        guard let context else { return }
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) { loopBound.value.timeIsUp() }
    }

    private func timeIsUp() {
        if case .reading = phase, !isWriting { return refuse(.requestTimeout) }
        context?.close(promise: nil)
    }

    /// Says with a status why the connection ends, unless an answer to an earlier request is owed.
    private func refuse(_ status: HTTPResponse.Status) {
        guard let context else { return }
        if case .closing = phase { return }
        var isReading = false
        if case .reading = phase { isReading = true }
        phase = .closing
        guard !isWriting, openRequests == 0 || (openRequests == 1 && isReading) else {
            return context.close(promise: nil)
        }
        let head = HTTPResponse(status: status, headerFields: [.connection: "close", .contentLength: "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            loopBound.value.close(mode: .output, promise: nil)
        }
        arm(limits.closingTime)
    }
}
