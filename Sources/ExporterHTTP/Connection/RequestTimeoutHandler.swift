import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches over one connection's requests: who is too slow in asking or in taking the answer is cut off, who sends more
/// than a request may hold is refused, and what is no HTTP gets the status that says so.
///
/// Lives on its connection's event loop.
final class RequestTimeoutHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        /// No request has begun.
        case idle
        /// A request has begun and not ended.
        case reading(Progress)
        /// The program works on an answer.
        case answering
        /// What was said last ends the connection.
        case closing
    }

    /// What has arrived of a request.
    private struct Progress {
        /// Before the head was complete, or behind it.
        var bytes = 0
        var bodyBytes = 0
        /// Of the first line, until it is complete.
        var lineBytes = 0
        var hasLine = false
        var hasHead = false
    }

    private let limits: ConnectionLimits
    private let table: ConnectionTable
    private var phase = Phase.idle
    /// Of everything that has arrived, in clear text.
    private var received = LastBytes.emptyLine
    /// Of the last request that is complete, or of what has arrived of the one that is not.
    private var requestEnd = LastBytes.emptyLine
    private var isChunked = false
    private var openRequests = 0
    private var isWriting = false
    /// Waits until answers to earlier requests have left.
    private var refusal: RequestRefusal?
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

    /// Notes bytes as they arrive, encrypted where the connection is.
    func bytesArrived(_ count: Int) {
        switch phase {
        case .idle:
            phase = .reading(Progress(bytes: count))
            note(.reading)
            arm(limits.requestTime)
        case .reading(var progress):
            progress.bytes += count
            phase = .reading(progress)
        case .answering, .closing:
            break
        }
    }

    /// Notes bytes in clear text, before they are decoded.
    func textArrived(_ text: ByteBuffer) {
        received.append(text)
        guard case .reading(var progress) = phase, !progress.hasLine, !progress.hasHead else { return }
        let end = text.readableBytesView.firstIndex(of: UInt8(ascii: "\n"))
        progress.lineBytes += end.map { $0 - text.readerIndex } ?? text.readableBytes
        progress.hasLine = end != nil
        phase = .reading(progress)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if refusal != nil { return }
        if case .closing = phase { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            openRequests += 1
            requestEnd = .emptyLine
            isChunked = head.headerFields[.transferEncoding] != nil
            var progress = Progress()
            progress.hasHead = true
            phase = .reading(progress)
        case .body(let part):
            guard case .reading(var progress) = phase else { break }
            progress.bodyBytes += part.readableBytes
            // A chunked body ends with an empty line, as a head does.
            if !isChunked { requestEnd.append(part) }
            phase = .reading(progress)
            if progress.bodyBytes > limits.bodyBytes { return refuse(.bodyTooLarge(limits)) }
        case .end:
            phase = .answering
            if !isWriting {
                note(.answering)
                deadline?.cancel()
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .reading(let progress) = phase, refusal == nil {
            if progress.hasHead {
                // Chunks of one byte each are six times as long as what they hold.
                if progress.bytes > 4 * limits.bodyBytes { refuse(.bodyTooLarge(limits)) }
            } else if progress.bytes > limits.headBytes {
                refuse(RequestRefusal(status: overflow))
            }
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Of a client that has closed its side nobody can say whether it still reads: short answers are written, work that
        // waits its turn is given up.
        if case .some(.inputClosed) = event as? ChannelEvent { table.client(of: context.channel).leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as RequestRefusal: refuse(error)
        case HTTPParserError.headerOverflow: refuse(RequestRefusal(status: overflow))
        case is HTTPParserError: refuse(RequestRefusal(status: .badRequest))
        default: context.fireErrorCaught(error)
        }
    }

    /// The status for a head that is too long: which part of it is.
    private var overflow: HTTPResponse.Status {
        guard case .reading(let progress) = phase, progress.lineBytes > limits.targetBytes else {
            return .requestHeaderFieldsTooLarge
        }
        return .uriTooLong
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .closing = phase {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head:
            isWriting = true
            note(.writing)
            arm(limits.responseTime)
            context.write(data, promise: promise)
        case .body:
            let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
            let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
            promise.futureResult.whenSuccess { loopBound.value.note(.writing) }
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

    /// Notes that the client's side has taken a whole answer.
    private func answered() {
        isWriting = false
        openRequests -= 1
        if case .closing = phase { return }
        deadline?.cancel()
        if let refusal, openRequests <= 0 || (openRequests == 1 && isReading) { return end(with: refusal) }
        guard openRequests <= 0 else { return note(.answering) }
        if case .answering = phase {
            // What follows the end of the request is the beginning of another one.
            phase = received == requestEnd ? .idle : .reading(Progress())
        }
        switch phase {
        case .idle:
            note(.idle)
            arm(limits.idleTime)
        case .reading:
            note(.reading)
            arm(limits.requestTime)
        case .answering, .closing: break
        }
    }

    private var isReading: Bool {
        if case .reading(let progress) = phase { return progress.hasHead }
        return false
    }

    private func note(_ activity: ConnectionActivity) {
        guard let context else { return }
        table.note(context.channel, activity)
    }

    private func arm(_ time: TimeAmount) {
        deadline?.cancel()
        guard let context else { return }
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) { loopBound.value.timeIsUp() }
    }

    private func timeIsUp() {
        if case .reading = phase, !isWriting { return refuse(RequestRefusal(status: .requestTimeout)) }
        context?.close(promise: nil)
    }

    /// Ends the connection with a status that says why, once answers to earlier requests have left.
    private func refuse(_ refusal: RequestRefusal) {
        if case .closing = phase { return }
        if self.refusal != nil { return }
        let owed = openRequests - (isReading ? 1 : 0)
        guard owed <= 0, !isWriting else {
            // An answer that has begun to a request that is refused in its middle cannot be taken back.
            if isReading, owed <= 0 { context?.close(promise: nil) } else { self.refusal = refusal }
            return
        }
        end(with: refusal)
    }

    private func end(with refusal: RequestRefusal) {
        guard let context else { return }
        phase = .closing
        var headers = refusal.headers
        headers[.connection] = "close"
        let text = refusal.reason.isEmpty ? "" : refusal.reason + "\n"
        if refusal.status != .noContent {
            headers[.contentType] = "text/plain; charset=utf-8"
            headers[.contentLength] = "\(text.utf8.count)"
        }
        context.write(wrapOutboundOut(.head(HTTPResponse(status: refusal.status, headerFields: headers))), promise: nil)
        if !text.isEmpty { context.write(wrapOutboundOut(.body(ByteBuffer(string: text))), promise: nil) }
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            loopBound.value.close(mode: .output, promise: nil)
        }
        arm(limits.closingTime)
    }
}
