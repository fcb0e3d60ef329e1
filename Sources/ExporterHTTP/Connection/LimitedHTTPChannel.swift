import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// Hummingbird's HTTP/1 connection with limits, encrypted if the web configuration has TLS.
struct LimitedHTTPChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    let limits: ConnectionLimits
    let table: ConnectionTable
    let security: @Sendable () -> WebSecurity

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            table.add(channel)
            // For a client that does not read, the system would otherwise buffer megabytes.
            try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: .init(limits.sendBuffer))
            let pipeline = channel.pipeline.syncOperations
            let clock = RequestTimeoutHandler(limits: limits, table: table)
            try pipeline.addHandler(InboundByteCounter { [weak clock] in clock?.bytesArrived($0.readableBytes) })
            let security = security()
            if let context = security.context {
                let acceptsAny = security.configuration.tls?.acceptsAnyCertificate ?? false
                let handler =
                    acceptsAny
                    ? NIOSSLServerHandler(context: context) { _, promise in promise.succeed(.certificateVerified) }
                    : NIOSSLServerHandler(context: context)
                try pipeline.addHandler(handler)
            }
            try pipeline.addHandler(InboundByteCounter { [weak clock] in clock?.textArrived($0) })
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = limits.headerBytes
            decoder.maxHeaderListSize = limits.headBytes
            decoder.maxHeaderFieldCount = limits.headerCount
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,
                withErrorHandling: false,
                withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoder
            )
            try pipeline.addHandler(RequestHeadCheck(limits: limits))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: security.context != nil))
            try pipeline.addHandler(clock)
            try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
            let connection = try Value(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            // A connection that arrives while the server stops has no owner: NIO traps, which ends the process, where
            // the connection is released before it is closed.
            channel.closeFuture.whenComplete { _ in withExtendedLifetime(connection) {} }
            return connection
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}
