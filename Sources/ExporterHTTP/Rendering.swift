import Hummingbird

/// The body of a response that clients share; parts of it may be responses too.
struct Rendering: Sendable {
    let body: ByteBuffer
    private let parts: [String: Range<Int>]

    /// - Parameter parts: the range of each part, in bytes from the beginning.
    init(_ bytes: [UInt8], parts: [String: Range<Int>] = [:]) {
        body = ByteBuffer(bytes: bytes)
        self.parts = parts
    }

    /// The bytes of a part, shared with the body; nil where there is no such part.
    func part(_ name: String) -> ByteBuffer? {
        parts[name].flatMap { body.getSlice(at: body.readerIndex + $0.lowerBound, length: $0.count) }
    }
}
