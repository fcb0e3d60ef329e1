/// The head of a frame that a server sent (RFC 6455, section 5.2).
struct WebSocketFrameHead {
    /// The kind of a frame.
    enum Opcode: UInt8 {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA

        var isControl: Bool { rawValue >= 0x8 }
    }

    let opcode: Opcode
    /// Whether it is the last frame of its message.
    let isFinal: Bool
    /// The range of its payload, counted from the first byte of the frame; its end is the end of the frame.
    let payload: Range<Int>

    /// The greatest size of a head without a mask, in bytes.
    private static let longest = 10

    /// Reads the head at the beginning of the bytes; nil where it is incomplete.
    /// - Throws: a violation of the protocol or of ``WebSocketLimits``.
    @inline(__always)
    init?(_ bytes: RawSpan) throws(WebSocketViolation) {
        let count = bytes.byteCount
        guard count >= 2 else { return nil }
        let first = Self.byte(0, of: bytes)
        let second = Self.byte(1, of: bytes)
        guard first & 0x70 == 0 else { throw .extensionBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode(first & 0x0F) }
        guard second & 0x80 == 0 else { throw .masked }
        self.opcode = opcode
        isFinal = first & 0x80 != 0
        var length = Int(second)
        var headLength = 2
        if length >= 126 {
            guard !opcode.isControl else { throw .longControlFrame }
            headLength = length == 126 ? 4 : Self.longest
            guard count >= headLength else { return nil }
            length = 0
            for index in 2..<headLength {
                // Checked before every byte, so that no length overflows.
                guard length <= WebSocketLimits.largestFrame else { throw .tooLarge }
                length = length << 8 | Int(Self.byte(index, of: bytes))
            }
        }
        guard isFinal || !opcode.isControl else { throw .fragmentedControlFrame }
        guard length <= WebSocketLimits.largestFrame else { throw .tooLarge }
        payload = headLength..<(headLength + length)
    }

    /// The number of bytes that are missing from the frame at the beginning of the bytes or, before its length is
    /// known, from its head; 0 for a complete frame.
    static func missing(from bytes: RawSpan) throws(WebSocketViolation) -> Int {
        if let head = try WebSocketFrameHead(bytes) { return max(0, head.payload.upperBound - bytes.byteCount) }
        let headLength =
            bytes.byteCount < 2 ? 2 : byte(1, of: bytes) == 126 ? 4 : longest
        return headLength - bytes.byteCount
    }

    @inline(__always)
    private static func byte(_ offset: Int, of bytes: RawSpan) -> UInt8 {
        bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
