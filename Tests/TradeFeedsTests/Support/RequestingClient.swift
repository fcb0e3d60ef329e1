import NIOCore
import NIOWebSocket
import Synchronization

import TestSupport
@testable import TradeFeeds

/// A WebSocket client that sends some requests and stores the received messages.
final class RequestingClient: Sendable {
    private let received = Mutex<[String]>([])

    var messages: [String] { received.withLock { $0 } }

    /// Connects, sends, and returns once `count` messages have arrived.
    func run(url: String, sending requests: [String], until count: Int) async throws {
        let connection = WebSocketConnection(endpoint: try WebSocketEndpoint(url), tls: nil) { channel, _ in
            try channel.pipeline.syncOperations.addHandler(Handler(client: self))
            // Nothing can be written before the upgrade is complete, so the write is scheduled.
            channel.eventLoop.execute {
                for request in requests {
                    let data = ByteBuffer(string: request)
                    let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: data)
                    channel.writeAndFlush(frame, promise: nil)
                }
            }
        }
        let task = Task { await connection.run() }
        try await eventually { messages.count >= count }
        task.cancel()
        _ = await task.value
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let client: RequestingClient
        private var reader = WebSocketMessageReader()

        init(client: RequestingClient) {
            self.client = client
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            do {
                try reader.read(unwrapInboundIn(data)) { _, payload in
                    let text = payload.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                    client.received.withLock { $0.append(text) }
                }
            } catch {
                context.fireErrorCaught(error)
            }
        }
    }
}
