import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import ExporterHTTP

@Suite struct LimitedHTTPChannelTests {
    @Test("a connection without an owner, as while the server stops, ends without a trap")
    func unclaimed() throws {
        let limits = ConnectionLimits()
        let guarded = LimitedHTTPChannel(
            responder: { _, _, _ in },
            limits: limits,
            table: ConnectionTable(limit: limits.connections),
            security: { .open }
        )
        let channel = EmbeddedChannel()
        _ = try guarded.setup(channel: channel, logger: Logger(label: "test")).wait()
        // Without another owner NIO ends the process here.
        channel.pipeline.fireChannelActive()
        #expect(try channel.finish(acceptAlreadyClosed: true).isClean)
    }
}
