/// The type and the position of a value in a message; those of a string exclude the quotes.
public struct JSONValue: Sendable {
    /// The types of values.
    public enum Kind: UInt8, Sendable {
        case missing, string, escapedString, number, bool, null, object, array
    }

    /// The type; `missing` for a member that has not occurred.
    public var kind: Kind
    /// The offset of the first byte.
    public var start: Int
    /// The offset after the last byte.
    public var end: Int

    /// A value of a type at a position; without arguments one that is missing.
    @inlinable
    public init(kind: Kind = .missing, start: Int = 0, end: Int = 0) {
        self.kind = kind
        self.start = start
        self.end = end
    }

    /// Whether the member has occurred.
    @inlinable
    public var isPresent: Bool { kind != .missing }

    /// Sets a value that is missing; a second value is an error.
    @inlinable @inline(__always)
    public mutating func set(_ value: JSONValue) throws(DecodeFailure) {
        guard !isPresent else { throw .duplicateField }
        self = value
    }

    /// Whether the bytes of the value equal the text.
    @inlinable @inline(__always)
    public func equals(_ text: StaticString, in bytes: RawSpan) -> Bool {
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
