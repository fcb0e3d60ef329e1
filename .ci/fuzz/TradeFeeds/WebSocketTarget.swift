import NIOCore
import NIOEmbedded
import NIOWebSocket

/// Frames of a server: however they are cut, the messages are the same; at times they are compared with NIO's.
///
/// The first eight bytes are the sizes of the pieces, the rest is what the server sends.
enum WebSocketTarget {
    private struct Outcome: Equatable {
        var messages: [[UInt8]] = []
        var isRefused = false
    }

    static func run(_ input: UnsafeRawBufferPointer) {
        guard input.count > 8 else { return }
        let bytes = Array(input.dropFirst(8))
        let pieces = pieces(of: bytes, sizes: Array(input.prefix(8)))
        let outcome = outcome(of: pieces)
        precondition(outcome == self.outcome(of: [bytes[...]]), "the outcome depends on how the bytes are cut")
        let size = outcome.messages.reduce(0) { $0 + $1.count - 1 }
        precondition(size <= bytes.count, "messages hold more than was sent")
        // A channel costs far more than the reader.
        if input.count % 64 == 41 { compare(outcome, with: outcomeOfLibrary(pieces)) }
    }

    /// NIO's decoder reads clients too, and so accepts masks and more.
    private static func compare(_ outcome: Outcome, with library: Outcome) {
        precondition(library.messages.starts(with: outcome.messages), "NIO reads other messages")
        precondition(outcome.isRefused || library == outcome, "NIO refuses what is taken here, or reads more")
    }

    private static func pieces(of bytes: [UInt8], sizes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, Int(sizes[pieces.count % sizes.count])))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }

    private static func outcome(of pieces: [ArraySlice<UInt8>]) -> Outcome {
        var reader = WebSocketMessageReader()
        var outcome = Outcome()
        do throws(WebSocketViolation) {
            for piece in pieces {
                try reader.read(ByteBuffer(bytes: piece)) { opcode, payload in
                    outcome.messages.append([opcode.rawValue] + payload.withUnsafeBytes { Array($0) })
                }
            }
        } catch {
            outcome.isRefused = true
        }
        return outcome
    }

    private static func outcomeOfLibrary(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
        let channel = EmbeddedChannel()
        var outcome = Outcome()
        do {
            try channel.pipeline.syncOperations.addHandlers([
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketLimits.largestFrame)),
                NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0,
                    maxAccumulatedFrameCount: WebSocketLimits.mostFragments,
                    maxAccumulatedFrameSize: WebSocketLimits.largestFrame
                ),
            ])
            for piece in pieces where !outcome.isRefused { try channel.writeInbound(ByteBuffer(bytes: piece)) }
        } catch {
            outcome.isRefused = true
        }
        while let frame = try? channel.readInbound(as: WebSocketFrame.self) {
            outcome.messages.append([UInt8(webSocketOpcode: frame.opcode)] + Array(frame.data.readableBytesView))
        }
        _ = try? channel.finish()
        return outcome
    }
}
