import Logging
import MarketData
import NIOCore
import NIOWebSocket

/// Decodes the bytes of one connection into one batch of trades per read, on the connection's event loop.
final class TradeFrameHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private static let closeTimeout = TimeAmount.seconds(2)

    private let setup: ConnectionSetup
    private let queue: FeedSignalQueue
    private let counters: FeedCounters
    private let end: ConnectionEnd
    private let idleTimeout: TimeAmount
    private var reader = WebSocketMessageReader()
    private var accumulator: FrameAccumulator

    private var isFlowing = false
    private var isClosing = false
    private var isPaused = false
    private var isReadPending = false
    /// The newest ping that could not be answered yet.
    private var waitingPong: ByteBuffer?
    private var lastData = NIODeadline.now()
    private var idleCheck: Scheduled<Void>?
    private var registration = 0
    private var context: ChannelHandlerContext?

    init(
        decoder: any FrameDecoder,
        setup: ConnectionSetup,
        queue: FeedSignalQueue,
        counters: FeedCounters,
        end: ConnectionEnd,
        logger: Logger
    ) {
        accumulator = FrameAccumulator(decoder: decoder, setup: setup, logger: logger)
        self.setup = setup
        self.queue = queue
        self.counters = counters
        self.end = end
        idleTimeout = TimeAmount(setup.idleTimeout)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        lastData = context.eventLoop.now
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        registration = queue.register { [eventLoop = context.eventLoop] in
            eventLoop.execute { handler.value.resume() }
        }
        scheduleIdleCheck(context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        queue.unregister(registration)
        idleCheck?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        do {
            try Self.read(unwrapInboundIn(data), with: &reader, into: &accumulator)
            answer(context: context)
        } catch {
            answer(context: context)
            close(
                context: context,
                code: error == .tooLarge ? .messageTooLarge : .protocolError,
                reason: error == .tooLarge ? .frameTooLarge : .protocolError,
                "\(error)"
            )
        }
    }

    private static func read(
        _ bytes: ByteBuffer,
        with reader: inout WebSocketMessageReader,
        into accumulator: inout FrameAccumulator
    ) throws(WebSocketViolation) {
        try reader.read(bytes) { accumulator.process($0, $1) }
    }

    /// Answers pings and close frames. While the peer does not read, only the newest ping is kept for an answer (RFC
    /// 6455 section 5.5.3).
    private func answer(context: ChannelHandlerContext) {
        var isFlushDue = false
        for request in accumulator.drainRequests() {
            if request.opcode == .close {
                answerClose(context: context, payload: request.payload)
            } else if context.channel.isWritable {
                write(pong: request.payload, context: context)
                isFlushDue = true
            } else {
                waitingPong = request.payload
            }
        }
        if isFlushDue { context.flush() }
    }

    private func write(pong payload: ByteBuffer, context: ChannelHandlerContext) {
        waitingPong = nil
        let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: payload)
        context.write(wrapOutboundOut(pong), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let waitingPong, !isClosing {
            write(pong: waitingPong, context: context)
            context.flush()
        }
        context.fireChannelWritabilityChanged()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deliver()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        if isPaused {
            isReadPending = true
        } else {
            context.read()
        }
    }

    private func deliver() {
        guard accumulator.counts.frames > 0 else { return }
        let (read, trades) = accumulator.drainRead()
        counters.update { counts in
            counts.frames += read.frames
            counts.receivedBytes += read.bytes
            counts.ignoredEvents += read.ignored
            for failure in read.failures { counts.decodeFailures[failure, default: 0] += 1 }
        }
        guard !trades.isEmpty, !setup.id.isTrial else { return }
        let instant = ContinuousClock.now
        let isRepair = read.tradeFrames == 0
        // Trades that the venue sends on subscription do not prove that new trades arrive.
        if read.tradeFrames > 0 { proveFlow(trades, at: instant) }
        let receivedAt = SteadyClock.time(at: instant)
        let batch = TradeBatch(trades: trades, receivedAt: receivedAt, isRepair: isRepair, arrival: instant)
        if !queue.offer(.trades(batch, at: instant)) { isPaused = true }
    }

    private func proveFlow(_ trades: [Trade], at instant: ContinuousClock.Instant) {
        if let context { lastData = context.eventLoop.now }
        end.dataArrived(at: instant)
        setup.activity.record(trades, on: setup.id, at: instant)
        guard !isFlowing else { return }
        isFlowing = true
        queue.offer(.connection(setup.id, .flowing, at: instant))
        setup.events.yield(.flowing(generation: setup.id.generation))
    }

    private func resume() {
        guard isPaused else { return }
        isPaused = false
        if let context { lastData = context.eventLoop.now }
        if isReadPending {
            isReadPending = false
            context?.read()
        }
    }

    /// Uses another decoder for all further messages.
    func decode(with decoder: any FrameDecoder) {
        accumulator.decode(with: decoder)
    }

    /// Closes a connection that is not needed.
    func close(_ reason: DisconnectReason, _ detail: String) {
        guard let context else { return }
        close(context: context, code: .normalClosure, reason: reason, detail)
    }

    private func answerClose(context: ChannelHandlerContext, payload: ByteBuffer) {
        var payload = payload
        let code = payload.readInteger(as: UInt16.self)
        let text = payload.readString(length: payload.readableBytes) ?? ""
        end.record(.closed, "the peer closed with code \(code.map { String($0) } ?? "none") \(text.printable)")
        send(close: code.map { WebSocketErrorCode(codeNumber: Int($0)) }, context: context)
    }

    private func close(
        context: ChannelHandlerContext,
        code: WebSocketErrorCode,
        reason: DisconnectReason,
        _ detail: String
    ) {
        guard !isClosing else { return }
        end.record(reason, detail)
        send(close: code, context: context)
    }

    private func send(close code: WebSocketErrorCode?, context: ChannelHandlerContext) {
        isClosing = true
        deliver()
        var payload = context.channel.allocator.buffer(capacity: 2)
        if let code { payload.write(webSocketErrorCode: code) }
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: payload)
        let channel = context.channel
        // A peer that does not read never receives the frame.
        let deadline = context.eventLoop.scheduleTask(in: Self.closeTimeout) { channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in
            deadline.cancel()
            channel.close(promise: nil)
        }
    }

    private func scheduleIdleCheck(context: ChannelHandlerContext) {
        let due = lastData + idleTimeout
        idleCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in
            self?.checkIdle()
        }
    }

    private func checkIdle() {
        guard let context, !isClosing else { return }
        // A connection whose reading is paused is not idle.
        if isPaused { lastData = context.eventLoop.now }
        if lastData + idleTimeout <= context.eventLoop.now {
            close(
                context: context,
                code: .goingAway,
                reason: .idle,
                "no trade for \(idleTimeout.nanoseconds / 1_000_000) ms"
            )
        } else {
            scheduleIdleCheck(context: context)
        }
    }
}
