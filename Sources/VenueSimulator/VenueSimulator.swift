import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real server on the loopback interface with Binance's WebSocket and REST interfaces, which serves a recording and
/// simulates faults by a script.
///
/// `/market/stream` carries `aggTrade` and `/public/stream` carries `trade`; the retired `/stream` and `/ws`
/// acknowledge subscriptions and send nothing, like the venue's since 2026-04-23.
package final class VenueSimulator: Sendable {
    /// The port on 127.0.0.1.
    package let port: Int

    private let isTLS: Bool
    private let journal: VenueJournal
    private let handshakes: VenueHandshakes
    private let serving: Task<Void, Never>

    private init(
        port: Int,
        isTLS: Bool,
        journal: VenueJournal,
        handshakes: VenueHandshakes,
        serving: Task<Void, Never>
    ) {
        self.port = port
        self.isTLS = isTLS
        self.journal = journal
        self.handshakes = handshakes
        self.serving = serving
    }

    /// Opens a port and serves until ``stop()``.
    ///
    /// - Parameters:
    ///   - recording: The data to serve.
    ///   - tls: The server's identity, or nil for plain TCP.
    ///   - rest: Returns the step for each request to the REST interface, by its number from 0 and its target.
    ///   - script: Returns the script for each WebSocket connection, by its number from 0.
    /// - Returns: The running server.
    /// - Throws: When the port cannot be opened or the identity cannot be used.
    package static func start(
        _ recording: VenueRecording,
        tls: VenueTLS? = nil,
        script: @escaping @Sendable (Int) -> VenueScript = { _ in .serve([.frames()]) },
        rest: @escaping @Sendable (_ number: Int, _ target: String) -> VenueRESTStep = { _, _ in .answer }
    ) async throws -> VenueSimulator {
        let context = try tls.map { try $0.makeContext() }
        let handshakes = VenueHandshakes(script: script)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    return try handshakes.configure(channel)
                }
            }
        let journal = VenueJournal()
        let serving = Task {
            _ = try? await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { inbound in
                    for try await accepted in inbound {
                        // A faulty connection must not end the server.
                        group.addTask { try? await serve(accepted.get(), recording, journal, rest) }
                    }
                }
            }
        }
        return VenueSimulator(
            port: server.channel.localAddress?.port ?? 0,
            isTLS: tls != nil,
            journal: journal,
            handshakes: handshakes,
            serving: serving
        )
    }

    /// The WebSocket address for a feed, without a path.
    package var webSocketURL: String { "\(isTLS ? "wss" : "ws")://127.0.0.1:\(port)" }

    /// The address for a REST client, without a path.
    package var restURL: String { "\(isTLS ? "https" : "http")://127.0.0.1:\(port)" }

    /// The log of the venue so far.
    package var log: VenueLog { journal.log }

    /// Closes every connection and the port.
    package func stop() async {
        serving.cancel()
        handshakes.closeAll()
        await serving.value
    }

    private static func serve(
        _ accepted: VenueHandshakes.Accepted,
        _ recording: VenueRecording,
        _ journal: VenueJournal,
        _ rest: @Sendable (Int, String) -> VenueRESTStep
    ) async throws {
        switch accepted {
        case .webSocket(let channel, let target, let steps):
            try await VenueConnection(target: target, recording: recording, journal: journal).run(channel, steps)
        case .http(let channel, let refusal):
            try await answer(channel, refusal: refusal, VenueREST(recording: recording), journal, rest)
        }
    }

    private static func answer(
        _ channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>,
        refusal: HTTPResponseHead?,
        _ rest: VenueREST,
        _ journal: VenueJournal,
        _ step: @Sendable (Int, String) -> VenueRESTStep
    ) async throws {
        try await channel.executeThenClose { inbound, outbound in
            if let refusal {
                try await outbound.write(contentsOf: [.head(refusal), .end(nil)])
                return
            }
            for try await part in inbound {
                guard case .head(let head) = part else { continue }
                let number = journal.number(ofRequest: head.uri)
                let answer = rest.answer(head.uri, step(number, head.uri))
                let weight = journal.use(weight: answer.weight)
                var headers = HTTPHeaders(answer.headers.map { ($0.key, $0.value) })
                headers.add(name: "Content-Type", value: "application/json")
                headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
                headers.add(name: "X-MBX-USED-WEIGHT-1M", value: "\(weight)")
                let response = HTTPResponseHead(
                    version: .http1_1,
                    status: .init(statusCode: answer.status),
                    headers: headers
                )
                try await outbound.write(contentsOf: [
                    .head(response), .body(ByteBuffer(string: answer.body)), .end(nil),
                ])
            }
        }
    }
}
