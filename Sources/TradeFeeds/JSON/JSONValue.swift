/// Where a value stands in a message: its type and its bytes, a string's without the quotes.
struct JSONValue {
    enum Kind: UInt8 {
        case missing, string, escapedString, number, bool, null, object, array
    }

    var kind = Kind.missing
    var start = 0
    var end = 0

    var isPresent: Bool { kind != .missing }

    /// Takes the place of a missing value.
    @inline(__always)
    mutating func set(_ value: JSONValue) throws(DecodeFailure) {
        guard !isPresent else { throw .duplicateField }
        self = value
    }

    /// Whether the bytes of the value are these.
    @inline(__always)
    func equals(_ text: StaticString, in bytes: RawSpan) -> Bool {
        guard end - start == text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount
        where bytes.unsafeLoad(fromByteOffset: start + offset, as: UInt8.self) != text.utf8Start[offset] {
            return false
        }
        return true
    }
}
