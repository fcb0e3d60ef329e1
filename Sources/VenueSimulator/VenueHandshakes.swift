import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// Accepts or refuses each handshake by the script, and configures the pipeline accordingly.
final class VenueHandshakes: Sendable {
    enum Accepted: Sendable {
        case webSocket(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, target: String, steps: [VenueStep])
        case http(
            NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>,
            refusal: HTTPResponseHead?
        )
    }

    private struct State {
        var count = 0
        /// The decision for each channel, from its request until its pipeline is configured.
        var decisions: [ObjectIdentifier: (target: String, script: VenueScript)] = [:]
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let script: @Sendable (Int) -> VenueScript
    private let state = Mutex(State())

    init(script: @escaping @Sendable (Int) -> VenueScript) {
        self.script = script
    }

    /// Closes every connection, including those without a request yet, whose wait a cancellation does not end.
    func closeAll() {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    private func track(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isClosed
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        if isClosed { channel.close(promise: nil) }
    }

    func configure(_ channel: any Channel) throws -> EventLoopFuture<Accepted> {
        track(channel)
        let upgrader = NIOTypedWebSocketServerUpgrader<Accepted>(
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(self.decide(channel, target: head.uri))
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture { try self.acceptWebSocket(channel) }
            }
        )
        let configuration = NIOTypedHTTPServerUpgradeConfiguration(
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture { try self.acceptHTTP(channel) }
            }
        )
        return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: .init(upgradeConfiguration: configuration)
        )
    }

    /// The headers of the response: empty ones accept the handshake, nil refuses it.
    private func decide(_ channel: any Channel, target: String) -> HTTPHeaders? {
        let number = state.withLock { state in
            defer { state.count += 1 }
            return state.count
        }
        let script = script(number)
        state.withLock { $0.decisions[ObjectIdentifier(channel)] = (target, script) }
        if case .refuse = script { return nil }
        return HTTPHeaders()
    }

    private func acceptWebSocket(_ channel: any Channel) throws -> Accepted {
        let wrapped: NIOAsyncChannel<WebSocketFrame, WebSocketFrame> = try wrap(channel)
        let decision = state.withLock { $0.decisions.removeValue(forKey: ObjectIdentifier(channel)) }
        guard let decision, case .serve(let steps) = decision.script else {
            return .webSocket(wrapped, target: "", steps: [])
        }
        return .webSocket(wrapped, target: decision.target, steps: steps)
    }

    private func acceptHTTP(_ channel: any Channel) throws -> Accepted {
        try channel.pipeline.syncOperations.addHandler(ResponsePartHandler())
        let decision = state.withLock { $0.decisions.removeValue(forKey: ObjectIdentifier(channel)) }
        var refusal: HTTPResponseHead?
        if let decision, case .refuse(let status, let headers) = decision.script {
            var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
            fields.add(name: "Content-Length", value: "0")
            refusal = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
        }
        return .http(try wrap(channel), refusal: refusal)
    }

    private func wrap<Inbound, Outbound>(_ channel: any Channel) throws -> NIOAsyncChannel<Inbound, Outbound> {
        let wrapped = try NIOAsyncChannel<Inbound, Outbound>(wrappingChannelSynchronously: channel)
        // A connection that arrives while the venue stops has no consumer. NIO traps when its wrapper is released
        // before the channel is closed, so the wrapper is kept until then.
        channel.closeFuture.whenComplete { _ in withExtendedLifetime(wrapped) {} }
        return wrapped
    }
}

/// Converts responses with plain buffers as bodies.
private final class ResponsePartHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part: HTTPServerResponsePart =
            switch unwrapOutboundIn(data) {
            case .head(let head): .head(head)
            case .body(let buffer): .body(.byteBuffer(buffer))
            case .end(let trailers): .end(trailers)
            }
        context.write(wrapOutboundOut(part), promise: promise)
    }
}
