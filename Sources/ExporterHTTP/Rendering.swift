import Hummingbird

/// The body of an answer that clients share, in which parts may be answers of their own.
struct Rendering: Sendable {
    let body: ByteBuffer
    private let parts: [String: Range<Int>]

    /// - Parameter parts: where each part stands, in bytes from the beginning.
    init(_ bytes: [UInt8], parts: [String: Range<Int>] = [:]) {
        body = ByteBuffer(bytes: bytes)
        self.parts = parts
    }

    /// The bytes of a part, shared with the body; nil where there is no such part.
    func part(_ name: String) -> ByteBuffer? {
        parts[name].flatMap { body.getSlice(at: body.readerIndex + $0.lowerBound, length: $0.count) }
    }
}
