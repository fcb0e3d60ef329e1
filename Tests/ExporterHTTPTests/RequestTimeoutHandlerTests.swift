import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import ExporterHTTP

@Suite struct RequestTimeoutHandlerTests {
    private static let full = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let withBody = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    private static let chunked =
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"

    @Test(
        "an incomplete request after a complete one has the time of a request, not the idle time",
        arguments: [
            ([full + "GET /b HT"], true), ([full, "GET /b HT"], true), ([full + "G"], true),
            ([full + "GET /b HTTP/1.1\r\nHost: x\r\n"], true), ([withBody + "GET /b HT"], true),
            ([chunked + "GET /b HT"], true),
            ([full], false), ([withBody], false), ([chunked], false), ([String(full.dropLast()), "\r\n"], false),
            ([String(withBody.dropLast(2)), "b", "c"], false), ([full + "\r\n"], false),
        ]
    )
    func halfARequest(texts: [String], isInProgress: Bool) throws {
        let channel = EmbeddedChannel()
        let limits = ConnectionLimits()
        let guarded = LimitedHTTPChannel(
            responder: { _, _, _ in },
            limits: limits,
            table: ConnectionTable(limit: limits.connections),
            security: { .open }
        )
        let connection = try guarded.setup(channel: channel, logger: Logger(label: "test")).wait()
        try withExtendedLifetime(connection) {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            for text in texts { try channel.writeInbound(ByteBuffer(string: text)) }
            let head = HTTPResponse(status: .ok, headerFields: [.contentLength: "0"])
            try channel.writeOutbound(HTTPResponsePart.head(head))
            try channel.writeOutbound(HTTPResponsePart.end(nil))
            _ = try written(channel)

            channel.embeddedEventLoop.advanceTime(by: limits.requestTime + .seconds(1))
            #expect(try written(channel).hasPrefix("HTTP/1.1 408") == isInProgress)
            #expect(channel.isActive || isInProgress)
            channel.embeddedEventLoop.advanceTime(by: limits.idleTime)
            #expect(!channel.isActive)
        }
    }

    private func written(_ channel: EmbeddedChannel) throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
        return text
    }
}
