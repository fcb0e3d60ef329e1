import NIOCore
import NIOPosix
import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One WebSocket connection of a simulated venue: answers requests and performs the steps of its script.
struct VenueConnection: Sendable {
    private typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    private static let chunk = 64

    /// The kind of stream that each path carries; the retired paths carry none.
    private static let events = ["/market/stream": "aggTrade", "/public/stream": "trade"]

    private let target: String
    private let recording: VenueRecording
    private let journal: VenueJournal
    private let dialogue = ClientProgress()
    /// The subscribed streams that this path carries.
    private let streams: SubscribedStreams

    init(target: String, recording: VenueRecording, journal: VenueJournal) {
        self.target = target
        self.recording = recording
        self.journal = journal
        let parts = target.split(separator: "?", maxSplits: 1)
        let event = parts.first.flatMap { path in Self.events.first { path.hasSuffix($0.key) }?.value }
        streams = SubscribedStreams(event: event)
        let items = parts.count > 1 ? parts[1].split(separator: "&") : []
        for item in items where item.hasPrefix("streams=") {
            streams.add(item.dropFirst(8).split(separator: "/").map { String($0) })
        }
    }

    func run(_ channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, _ steps: [VenueStep]) async throws {
        journal.record {
            $0.handshakes.append(target)
            $0.openConnections += 1
        }
        defer { journal.record { $0.openConnections -= 1 } }
        try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for step in steps { try await perform(step, channel.channel, outbound) }
                    // The connection stays open and silent until the peer closes it.
                    try await Task.sleep(for: .seconds(86_400))
                }
                group.addTask {
                    for try await frame in inbound {
                        if dialogue.isFrozen { try await Task.sleep(for: .seconds(86_400)) }
                        if try await !answer(frame, outbound) { break }
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    /// Answers a frame of the client; false ends the connection.
    private func answer(_ frame: WebSocketFrame, _ outbound: Outbound) async throws -> Bool {
        if frame.maskKey == nil { journal.record { $0.unmaskedFrames += 1 } }
        var data = frame.unmaskedData
        switch frame.opcode {
        case .pong:
            dialogue.receivedPong(String(buffer: data))
            journal.record { $0.pongs.append(String(buffer: data)) }
        case .ping:
            try await outbound.write(WebSocketFrame(fin: true, opcode: .pong, data: data))
        case .connectionClose:
            let code = data.readInteger(as: UInt16.self)
            journal.record { $0.closeCodes.append(code) }
            try? await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData))
            return false
        case .text:
            let text = String(buffer: data)
            journal.record { $0.requests.append(text) }
            try await outbound.write(Self.textFrame(answer(request: text)))
            dialogue.answeredRequest()
        default:
            break
        }
        return true
    }

    /// Subscribes or unsubscribes and acknowledges: `{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}`.
    private func answer(request: String) -> String {
        let names = request.split(separator: "\"").map { String($0) }.filter { $0.contains("@") }
        if request.contains("\"UNSUBSCRIBE\"") {
            streams.remove(names)
        } else if request.contains("\"SUBSCRIBE\"") {
            streams.add(names)
        } else {
            return #"{"code":2,"msg":"Invalid request: unknown method"}"#
        }
        let id = request.split(separator: "\"id\":").dropFirst().first?.prefix { $0.isNumber } ?? "null"
        return "{\"result\":null,\"id\":\(id)}"
    }

    private func perform(_ step: VenueStep, _ channel: any Channel, _ outbound: Outbound) async throws {
        switch step {
        case .frames(let count, let rate, let fragments):
            try await send(count ?? .max, perSecond: rate, fragments: fragments, outbound)
        case .live(let rate):
            try await follow(perSecond: rate, outbound)
        case .reversed(let count):
            let texts = journal.dequeue(count, of: streams.names, from: recording)
            try await outbound.write(contentsOf: texts.reversed().map(Self.textFrame))
            journal.recordSent(texts)
        case .again(let count):
            try await outbound.write(contentsOf: journal.lastSent.suffix(count).map(Self.textFrame))
        case .mute(let names, let isPermanent):
            streams.mute(names, permanently: isPermanent)
        case .until(let condition):
            while !condition() { try await Task.sleep(for: .milliseconds(5)) }
        case .freeze:
            dialogue.freeze()
            try await Task.sleep(for: .seconds(86_400))
        case .skip(let count):
            _ = journal.dequeue(count, of: streams.names, from: recording)
        case .text(let text):
            try await outbound.write(Self.textFrame(text))
        case .binary(let bytes):
            try await outbound.write(WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: bytes)))
        case .raw(let bytes):
            try await Self.write(raw: ByteBuffer(bytes: bytes), to: channel).get()
        case .ping(let payload):
            try await outbound.write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer(string: payload)))
        case .confirm:
            let payload = dialogue.nextConfirmation()
            try await outbound.write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer(string: payload)))
            try await dialogue.waitForPong(payload)
        case .requests(let count):
            try await dialogue.waitForAnsweredRequests(count)
        case .wait(let duration):
            try await Task.sleep(for: duration)
        case .close(let code):
            var payload = ByteBuffer()
            payload.writeInteger(code)
            try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: payload))
        case .drop:
            try await channel.close()
        case .reset:
            // A close with a linger time of zero discards unsent data and sends RST.
            try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            try await channel.close()
        }
    }

    private func send(_ count: Int, perSecond rate: Double?, fragments: Int, _ outbound: Outbound) async throws {
        let start = ContinuousClock.now
        var sent = 0
        while sent < count {
            let due = rate.map { Int(start.duration(to: .now) / .seconds(1) * $0) + 1 } ?? .max
            let texts = journal.dequeue(
                min(Self.chunk, count - sent, max(0, due - sent)),
                of: streams.names,
                from: recording
            )
            if texts.isEmpty {
                guard rate != nil, due <= sent else { return }
                try await Task.sleep(for: .milliseconds(5))
                continue
            }
            let muted = streams.mutedNames
            let delivered = muted.isEmpty ? texts : texts.filter { text in !muted.contains { text.contains($0) } }
            try await outbound.write(contentsOf: delivered.flatMap { Self.frames($0, fragments: fragments) })
            journal.recordSent(delivered)
            sent += texts.count
            journal.record { $0.framesSent += texts.count }
        }
    }

    private func follow(perSecond rate: Double, _ outbound: Outbound) async throws {
        let (follower, start) = journal.beginFollowing(perSecond: rate)
        var next = start
        defer { journal.record(follower, next: nil) }
        while next < recording.frames.count {
            let present = min(journal.marketPosition(perSecond: rate), recording.frames.count)
            let frames = recording.frames[next..<max(next, present)]
            let texts = frames.filter { streams.names.contains($0.stream) }.map(\.text)
            try await outbound.write(contentsOf: texts.map(Self.textFrame))
            journal.record { $0.framesSent += texts.count }
            next = max(next, present)
            journal.record(follower, next: next)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func textFrame(_ text: String) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
    }

    /// A message in continuation frames (RFC 6455 section 5.4).
    private static func frames(_ text: String, fragments: Int) -> [WebSocketFrame] {
        guard fragments > 1 else { return [textFrame(text)] }
        let bytes = Array(text.utf8)
        let bounds = (0...fragments).map { bytes.count * $0 / fragments }
        return (0..<fragments).map { index in
            WebSocketFrame(
                fin: index == fragments - 1,
                opcode: index == 0 ? .text : .continuation,
                data: ByteBuffer(bytes: bytes[bounds[index]..<bounds[index + 1]])
            )
        }
    }

    /// Writes from the position of the frame encoder in the pipeline, so that the bytes are not framed.
    private static func write(raw buffer: ByteBuffer, to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.flatSubmit {
            do {
                let context = try channel.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
                let promise = channel.eventLoop.makePromise(of: Void.self)
                context.writeAndFlush(NIOAny(buffer), promise: promise)
                return promise.futureResult
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
    }
}
