import NIOCore
import NIOWebSocket

/// Sends the messages of a connection to a venue: subscriptions, renewals and keep-alives.
///
/// It sends messages in order, with the venue's minimum time between two of them, on the connection's event loop.
final class RequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    private let interval: TimeAmount
    private let keepAlive: KeepAlive?
    private var waiting: [String]
    private var nextMessage: Scheduled<Void>?
    private var nextKeepAlive: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    /// - Parameters:
    ///   - messages: the first messages.
    ///   - interval: the minimum time between two messages.
    ///   - keepAlive: a message to send at intervals, nil for none.
    init(messages: [String], interval: Duration, keepAlive: KeepAlive?) {
        waiting = messages
        self.interval = TimeAmount(interval)
        self.keepAlive = keepAlive
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Nothing can be written before the upgrade is complete, so the first message is scheduled.
        if !waiting.isEmpty { schedule(in: .zero) }
        scheduleKeepAlive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        waiting = []
        nextMessage?.cancel()
        nextKeepAlive?.cancel()
    }

    /// Sends messages after those that are still waiting.
    func send(_ messages: [String]) {
        waiting += messages
        if nextMessage == nil, !waiting.isEmpty { schedule(in: .zero) }
    }

    private func schedule(in delay: TimeAmount) {
        guard let loop = context?.eventLoop else { return }
        let due = loop.now + delay
        nextMessage = loop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in self?.sendNext() }
    }

    private func sendNext() {
        nextMessage = nil
        guard let context, !waiting.isEmpty else { return }
        // A peer that does not read must not fill the send buffer.
        guard context.channel.isWritable else { return schedule(in: interval) }
        let data = context.channel.allocator.buffer(string: waiting.removeFirst())
        let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        // Scheduled after the last message, too, so that a message added soon waits for the interval.
        schedule(in: interval)
    }

    private func scheduleKeepAlive() {
        guard let keepAlive, let loop = context?.eventLoop else { return }
        let due = loop.now + TimeAmount(keepAlive.interval)
        nextKeepAlive = loop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in
            guard let self else { return }
            if !waiting.contains(keepAlive.text) { send([keepAlive.text]) }
            scheduleKeepAlive()
        }
    }
}
