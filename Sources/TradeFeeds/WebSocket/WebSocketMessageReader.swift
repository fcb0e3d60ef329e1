import NIOCore

/// Reads complete messages from the bytes of a connection to a server (RFC 6455, section 5).
///
/// It replaces `WebSocketFrameDecoder` and `NIOWebSocketFrameAggregator`, which need a buffer, a frame and two pipeline
/// events per message: more than half of the cost of a trade from the socket to its bars.
struct WebSocketMessageReader {
    /// A buffer with a greater capacity is released after a large message, in bytes.
    private static let keptCapacity = 1 << 20

    /// The bytes of an incomplete last frame.
    private var unfinished = ByteBuffer()
    /// The payloads of an incomplete message's fragments.
    private var fragments = ByteBuffer()
    private var fragmentCount = 0
    private var fragmentedOpcode = WebSocketFrameHead.Opcode.text

    /// Reads further bytes, and calls `process` with every complete message and every control frame, in the order of
    /// their ends.
    /// - Throws: a violation of the protocol, after which the connection must be closed.
    mutating func read(
        _ bytes: ByteBuffer,
        _ process: (WebSocketFrameHead.Opcode, RawSpan) -> Void
    ) throws(WebSocketViolation) {
        var bytes = bytes
        if unfinished.readableBytes > 0 {
            guard try finish(with: &bytes) else { return }
            var frame = ByteBuffer()
            swap(&frame, &unfinished)
            _ = try readFrames(of: frame.readableBytesSpan, process)
            if frame.capacity <= Self.keptCapacity {
                frame.clear()
                swap(&frame, &unfinished)
            }
        }
        let end = try readFrames(of: bytes.readableBytesSpan, process)
        bytes.moveReaderIndex(forwardBy: end)
        unfinished.writeBuffer(&bytes)
    }

    /// Moves the missing bytes of the unfinished frame; false where they have not arrived yet.
    private mutating func finish(with bytes: inout ByteBuffer) throws(WebSocketViolation) -> Bool {
        while true {
            let missing = try WebSocketFrameHead.missing(from: unfinished.readableBytesSpan)
            guard missing > 0 else { return true }
            guard var part = bytes.readSlice(length: min(missing, bytes.readableBytes)), part.readableBytes > 0 else {
                return false
            }
            unfinished.writeBuffer(&part)
        }
    }

    /// Reads the complete frames and returns the end of the last one.
    private mutating func readFrames(
        of bytes: RawSpan,
        _ process: (WebSocketFrameHead.Opcode, RawSpan) -> Void
    ) throws(WebSocketViolation) -> Int {
        var start = 0
        while true {
            let rest = bytes.extracting(droppingFirst: start)
            guard let head = try WebSocketFrameHead(rest), head.payload.upperBound <= rest.byteCount else {
                return start
            }
            start += head.payload.upperBound
            let payload = rest.extracting(head.payload)
            if head.opcode.isControl || (head.isFinal && fragmentCount == 0 && head.opcode != .continuation) {
                process(head.opcode, payload)
            } else {
                try join(head, payload, process)
            }
        }
    }

    private mutating func join(
        _ head: WebSocketFrameHead,
        _ payload: RawSpan,
        _ process: (WebSocketFrameHead.Opcode, RawSpan) -> Void
    ) throws(WebSocketViolation) {
        if head.opcode == .continuation {
            guard fragmentCount > 0 else { throw .continuationOfNothing }
        } else {
            guard fragmentCount == 0 else { throw .messageWithinMessage }
            fragmentedOpcode = head.opcode
        }
        fragmentCount += 1
        guard fragmentCount + (head.isFinal ? 0 : 1) <= WebSocketLimits.mostFragments else { throw .tooManyFragments }
        guard fragments.readableBytes + payload.byteCount <= WebSocketLimits.largestFrame else { throw .tooLarge }
        payload.withUnsafeBytes { _ = fragments.writeBytes($0) }
        guard head.isFinal else { return }
        fragmentCount = 0
        process(fragmentedOpcode, fragments.readableBytesSpan)
        if fragments.capacity > Self.keptCapacity { fragments = ByteBuffer() } else { fragments.clear() }
    }
}
