import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Limits one connection's requests: closes it when the client sends a request or reads a response too slowly, refuses
/// requests that are too large, and answers bytes that are not HTTP with a status.
///
/// Runs on the event loop of its connection.
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
        /// The program computes a response.
        case answering
        /// The last response ends the connection.
        case closing
    }

    /// The received part of a request.
    private struct Progress {
        /// Of the head until it is complete, then of the body.
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
    /// The last decrypted bytes of all that were received.
    private var received = LastBytes.emptyLine
    /// The last bytes of the last complete request, or of the received part of an incomplete one.
    private var requestEnd = LastBytes.emptyLine
    private var isChunked = false
    private var openRequests = 0
    private var isWriting = false
    /// Waits until the responses to earlier requests have been sent.
    private var refusal: RequestRefusal?
    private var deadline: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(limits: ConnectionLimits, table: ConnectionTable) {
        self.limits = limits
        self.table = table
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // A new connection must send a request, so the time starts with it.
        startTimer(limits.requestTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    /// Counts bytes as they arrive, encrypted on a TLS connection.
    func bytesArrived(_ count: Int) {
        switch phase {
        case .idle:
            phase = .reading(Progress(bytes: count))
            record(.reading)
            startTimer(limits.requestTime)
        case .reading(var progress):
            progress.bytes += count
            phase = .reading(progress)
        case .answering, .closing:
            break
        }
    }

    /// Inspects decrypted bytes before they are decoded.
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
                record(.answering)
                deadline?.cancel()
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .reading(let progress) = phase, refusal == nil {
            if progress.hasHead {
                // Chunks of one byte each are six times as long as their content.
                if progress.bytes > 4 * limits.bodyBytes { refuse(.bodyTooLarge(limits)) }
            } else if progress.bytes > limits.headBytes {
                refuse(RequestRefusal(status: overflow))
            }
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that has closed its side may or may not read on: short responses are written, and waiting work is
        // cancelled.
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

    /// The status for a head that is too long, by the part that is.
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
            record(.writing)
            startTimer(limits.responseTime)
            context.write(data, promise: promise)
        case .body:
            let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
            let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
            promise.futureResult.whenSuccess { loopBound.value.record(.writing) }
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
            startTimer(limits.closingTime)
        }
        context.close(mode: mode, promise: promise)
    }

    /// Records that the client's system has received a complete response.
    private func answered() {
        isWriting = false
        openRequests -= 1
        if case .closing = phase { return }
        deadline?.cancel()
        if let refusal, openRequests <= 0 || (openRequests == 1 && isReading) { return end(with: refusal) }
        guard openRequests <= 0 else { return record(.answering) }
        if case .answering = phase {
            // Bytes after the end of the request begin another one.
            phase = received == requestEnd ? .idle : .reading(Progress())
        }
        switch phase {
        case .idle:
            record(.idle)
            startTimer(limits.idleTime)
        case .reading:
            record(.reading)
            startTimer(limits.requestTime)
        case .answering, .closing: break
        }
    }

    private var isReading: Bool {
        if case .reading(let progress) = phase { return progress.hasHead }
        return false
    }

    private func record(_ activity: ConnectionActivity) {
        guard let context else { return }
        table.record(context.channel, activity)
    }

    private func startTimer(_ time: TimeAmount) {
        deadline?.cancel()
        guard let context else { return }
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) { loopBound.value.timeIsUp() }
    }

    private func timeIsUp() {
        if case .reading = phase, !isWriting { return refuse(RequestRefusal(status: .requestTimeout)) }
        context?.close(promise: nil)
    }

    /// Ends the connection with a status, once the responses to earlier requests have been sent.
    private func refuse(_ refusal: RequestRefusal) {
        if case .closing = phase { return }
        if self.refusal != nil { return }
        let pending = openRequests - (isReading ? 1 : 0)
        guard pending <= 0, !isWriting else {
            // A response that has begun before its request is refused cannot be replaced.
            if isReading, pending <= 0 { context?.close(promise: nil) } else { self.refusal = refusal }
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
        startTimer(limits.closingTime)
    }
}
