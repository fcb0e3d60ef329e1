import NIOCore
import NIOWebSocket

/// Says to a venue what must be said on a connection: its subscription, renewals, and what keeps it alive.
///
/// Messages leave in order with the venue's least time between two of them. Confined to the connection's event loop.
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
    ///   - messages: what to say first.
    ///   - interval: the least time between two messages.
    ///   - keepAlive: what to say from time to time.
    init(messages: [String], interval: Duration, keepAlive: KeepAlive?) {
        waiting = messages
        self.interval = TimeAmount(interval)
        self.keepAlive = keepAlive
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Not at once: nothing can be written before the upgrade is complete.
        if !waiting.isEmpty { schedule(in: .zero) }
        scheduleKeepAlive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        waiting = []
        nextMessage?.cancel()
        nextKeepAlive?.cancel()
    }

    /// Says something after what is still waiting.
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
        // A peer that does not read gets nothing more to read.
        guard context.channel.isWritable else { return schedule(in: interval) }
        let data = context.channel.allocator.buffer(string: waiting.removeFirst())
        let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        // Also after the last one, so that one that comes at once waits its time.
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
