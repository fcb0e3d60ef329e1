/// The body of a response that clients share; parts of it may be responses too.
struct Rendering: Sendable {
    let body: ArraySlice<UInt8>
    private let parts: [String: Range<Int>]

    /// - Parameter parts: the range of each part, in bytes from the beginning.
    init(_ bytes: [UInt8], parts: [String: Range<Int>] = [:]) {
        body = bytes[...]
        self.parts = parts
    }

    /// The bytes of a part, shared with the body; nil where there is no such part.
    func part(_ name: String) -> ArraySlice<UInt8>? {
        guard let range = parts[name], body.indices.contains(range) else { return nil }
        return body[range]
    }
}
