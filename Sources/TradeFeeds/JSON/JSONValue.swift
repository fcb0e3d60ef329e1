/// The type and the position of a value in a message; those of a string exclude the quotes.
struct JSONValue {
    enum Kind: UInt8 {
        case missing, string, escapedString, number, bool, null, object, array
    }

    var kind = Kind.missing
    var start = 0
    var end = 0

    var isPresent: Bool { kind != .missing }

    /// Sets a value that is missing; a second value is an error.
    @inline(__always)
    mutating func set(_ value: JSONValue) throws(DecodeFailure) {
        guard !isPresent else { throw .duplicateField }
        self = value
    }

    /// Whether the bytes of the value equal the text.
    @inline(__always)
    func equals(_ text: StaticString, in bytes: RawSpan) -> Bool {
        guard end - start == text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount
        where bytes.unsafeLoad(fromByteOffset: start + offset, as: UInt8.self) != text.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Whether the bytes of the value begin with the text.
    func hasPrefix(_ text: StaticString, in bytes: RawSpan) -> Bool {
        guard end - start >= text.utf8CodeUnitCount else { return false }
        return JSONValue(kind: kind, start: start, end: start + text.utf8CodeUnitCount).equals(text, in: bytes)
    }

    /// Whether the text occurs in the bytes of the value.
    func contains(_ text: StaticString, in bytes: RawSpan) -> Bool {
        guard end - start >= text.utf8CodeUnitCount else { return false }
        return (start...(end - text.utf8CodeUnitCount)).contains { position in
            JSONValue(kind: kind, start: position, end: end).hasPrefix(text, in: bytes)
        }
    }
}
