import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import TradeFeeds

@Suite struct RequestHandlerTests {
    /// The texts sent since the last call.
    private func texts(_ channel: EmbeddedChannel) throws -> [String] {
        var texts: [String] = []
        while let frame = try channel.readOutbound(as: WebSocketFrame.self) {
            #expect(frame.opcode == .text && frame.maskKey != nil && frame.fin)
            // The encoder masks later, so the text is still plain.
            texts.append(String(buffer: frame.data))
        }
        return texts
    }

    @Test("messages are sent in order with the venue's minimum time between two of them")
    func interval() throws {
        let handler = RequestHandler(messages: ["a", "b"], interval: .milliseconds(300), keepAlive: nil)
        let channel = EmbeddedChannel(handler: handler)
        #expect(try texts(channel) == [])
        channel.embeddedEventLoop.advanceTime(by: .zero)
        #expect(try texts(channel) == ["a"])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(299))
        #expect(try texts(channel) == [])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(try texts(channel) == ["b"])
        handler.send(["c", "d"])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(299))
        #expect(try texts(channel) == [])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(301))
        #expect(try texts(channel) == ["c", "d"])
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        handler.send(["e"])
        channel.embeddedEventLoop.advanceTime(by: .zero)
        #expect(try texts(channel) == ["e"])
        _ = try channel.finish()
    }

    @Test("the keep-alive message is repeated until the connection ends")
    func keepAlive() throws {
        let keepAlive = KeepAlive(text: "ping", interval: .seconds(20))
        let handler = RequestHandler(messages: ["subscribe"], interval: .milliseconds(400), keepAlive: keepAlive)
        let channel = EmbeddedChannel(handler: handler)
        channel.embeddedEventLoop.advanceTime(by: .seconds(19))
        #expect(try texts(channel) == ["subscribe"])
        channel.embeddedEventLoop.advanceTime(by: .seconds(41))
        #expect(try texts(channel) == ["ping", "ping", "ping"])
        try channel.pipeline.syncOperations.removeHandler(handler).wait()
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        handler.send(["late"])
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(try texts(channel) == [])
        _ = try channel.finish()
    }
}
