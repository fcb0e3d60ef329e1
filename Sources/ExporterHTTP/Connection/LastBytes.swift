import NIOCore

/// The last three bytes of a text, which show whether a request ends.
struct LastBytes: Hashable {
    /// The end of a line and an empty line, with which a request without a body ends.
    static let emptyLine = LastBytes(value: 0x0A_0D_0A)

    private var value: UInt32

    mutating func append(_ text: ByteBuffer) {
        for byte in text.readableBytesView.suffix(3) { value = (value << 8 | UInt32(byte)) & 0xFF_FF_FF }
    }
}
