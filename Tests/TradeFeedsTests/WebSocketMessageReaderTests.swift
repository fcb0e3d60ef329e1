import NIOCore
import NIOEmbedded
import NIOWebSocket
import TestSupport
import Testing

@testable import TradeFeeds

/// Compares the reader with NIO's frame decoder and aggregator, which it replaces.
@Suite struct WebSocketMessageReaderTests {
    private struct Message: Equatable {
        var opcode: UInt8
        var payload: [UInt8]
    }

    /// The result of a stream of bytes: the messages, and whether a violation of the protocol was detected after them.
    private struct Outcome: Equatable {
        var messages: [Message] = []
        var isRefused = false
    }

    private func outcome(of pieces: [ArraySlice<UInt8>]) -> Outcome {
        var reader = WebSocketMessageReader()
        var outcome = Outcome()
        do {
            for piece in pieces {
                try reader.read(ByteBuffer(bytes: piece)) { opcode, payload in
                    outcome.messages.append(
                        Message(opcode: opcode.rawValue, payload: payload.withUnsafeBytes { Array($0) })
                    )
                }
            }
        } catch {
            outcome.isRefused = true
        }
        return outcome
    }

    private func outcomeOfLibrary(of pieces: [ArraySlice<UInt8>]) throws -> Outcome {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketLimits.largestFrame)),
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0,
                maxAccumulatedFrameCount: WebSocketLimits.mostFragments,
                maxAccumulatedFrameSize: WebSocketLimits.largestFrame
            ),
        ])
        var outcome = Outcome()
        for piece in pieces where !outcome.isRefused {
            do {
                try channel.writeInbound(ByteBuffer(bytes: piece))
            } catch {
                outcome.isRefused = true
            }
        }
        while let frame = try channel.readInbound(as: WebSocketFrame.self) {
            outcome.messages.append(
                Message(opcode: UInt8(webSocketOpcode: frame.opcode), payload: Array(frame.data.readableBytesView))
            )
        }
        _ = try? channel.finish()
        return outcome
    }

    /// Cut at random places, at times into single bytes.
    private func pieces(of bytes: [UInt8], using random: inout SeededRandom) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let most = [1, 3, 12, 200, 70_000].randomElement(using: &random) ?? 1
            let end = min(bytes.count, start + Int.random(in: 1...most, using: &random))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }

    private func frame(_ opcode: UInt8, isFinal: Bool = true, _ payload: [UInt8]) -> [UInt8] {
        var bytes = [(isFinal ? 0x80 : 0) | opcode]
        switch payload.count {
        case ..<126: bytes.append(UInt8(payload.count))
        case ..<65_536: bytes += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [127] + (0..<8).reversed().map { UInt8(payload.count >> (8 * $0) & 0xFF) }
        }
        return bytes + payload
    }

    private func payload(upTo most: Int, using random: inout SeededRandom) -> [UInt8] {
        let count = Int.random(in: 0...most, using: &random)
        let first = UInt8.random(in: 0...255, using: &random)
        return (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    /// Messages with and without fragments, with control frames anywhere, and sometimes with a violation of the
    /// protocol.
    private func conversation(using random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        func control() {
            bytes += frame([0x9, 0xA].randomElement(using: &random) ?? 0x9, payload(upTo: 125, using: &random))
        }
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let most = [0, 100, 126, 300, 66_000].randomElement(using: &random) ?? 0
            let opcode: UInt8 = Bool.random(using: &random) ? 0x1 : 0x2
            let fragments = Int.random(in: 1...4, using: &random)
            for number in 1...fragments {
                if Int.random(in: 0..<4, using: &random) == 0 { control() }
                bytes += frame(
                    number == 1 ? opcode : 0x0,
                    isFinal: number == fragments,
                    payload(upTo: most, using: &random)
                )
            }
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes += frame(0x0, [1, 2, 3])
        case 1: bytes += frame(0x1, isFinal: false, [1]) + frame(0x2, [2])
        case 2: bytes += frame(0x9, isFinal: false, [])
        case 3: bytes += frame(0x8, Array(repeating: 7, count: 126))
        default: bytes += frame(0x8, [0x03, 0xE8])
        }
        return bytes
    }

    @Test("any bytes in any pieces have the messages of NIO's decoder", arguments: 0..<200)
    func agreesWithTheLibrary(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pieces = pieces(of: conversation(using: &random), using: &random)
        let expected = try outcomeOfLibrary(of: pieces)
        #expect(!expected.messages.isEmpty)
        #expect(outcome(of: pieces) == expected)
    }

    @Test(
        "a violation of the protocol is an error after the messages before it",
        arguments: [
            ([0xC1, 0x00], .extensionBits), ([0x83, 0x00], .reservedOpcode(3)), ([0x81, 0x80], .masked),
            ([0x89, 126], .longControlFrame), ([0x09, 0x00], .fragmentedControlFrame),
            ([0x80, 0x00], .continuationOfNothing), ([0x01, 0x00, 0x81, 0x00], .messageWithinMessage),
            ([0x82, 127, 0, 0, 0, 0, 0x02, 0, 0, 0x01], .tooLarge),
            ([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], .tooLarge),
        ] as [([UInt8], WebSocketViolation)]
    )
    func violations(bytes: [UInt8], violation: WebSocketViolation) {
        var reader = WebSocketMessageReader()
        var texts: [String] = []
        #expect(throws: violation) {
            try reader.read(ByteBuffer(bytes: frame(0x1, Array("good".utf8)) + bytes)) { _, payload in
                texts.append(payload.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            }
        }
        #expect(texts == ["good"])
    }

    @Test("too many fragments are an error")
    func fragmentsWithoutEnd() {
        var reader = WebSocketMessageReader()
        let first = ByteBuffer(bytes: frame(0x1, isFinal: false, []))
        let more = ByteBuffer(
            bytes: (0..<WebSocketLimits.mostFragments).flatMap { _ in frame(0x0, isFinal: false, []) }
        )
        #expect(throws: WebSocketViolation.tooManyFragments) {
            try reader.read(first) { _, _ in }
            try reader.read(more) { _, _ in }
        }
    }

    @Test("fragments with a too large total size are an error")
    func largeFragments() {
        var reader = WebSocketMessageReader()
        let half = [UInt8](repeating: 0, count: WebSocketLimits.largestFrame / 2 + 1)
        #expect(throws: WebSocketViolation.tooLarge) {
            try reader.read(ByteBuffer(bytes: frame(0x1, isFinal: false, half))) { _, _ in }
            try reader.read(ByteBuffer(bytes: frame(0x0, isFinal: true, half))) { _, _ in }
        }
    }
}
