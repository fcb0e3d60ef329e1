/// A position in a JSON text that reads and checks one value at a time (RFC 8259), without allocation.
///
/// The text is passed to each call because a struct that holds a span needs lifetime annotations that are not final.
/// All loads are bounds-checked. Decoders of other targets call it for every member of a message, so it is `public`: the
/// compiler inlines nothing else across targets.
public struct JSONCursor: Sendable {
    /// Deeper nesting is an error: no venue needs it, and the stack of open containers fits into one `UInt64`.
    private static let deepestNesting = 63

    /// The offset of the next byte.
    public var index: Int

    /// A cursor at the start of the text or of a value in it.
    @inlinable
    public init(at index: Int = 0) {
        self.index = index
    }

    /// The next byte that is not white space.
    @inlinable @inline(__always)
    public mutating func peek(_ bytes: RawSpan) throws(DecodeFailure) -> UInt8 {
        while index < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if byte > 0x20 { return byte }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { throw .invalidJSON }
            index &+= 1
        }
        throw .invalidJSON
    }

    /// Skips the next byte, which must be the given one.
    @inlinable @inline(__always)
    public mutating func expect(_ byte: UInt8, in bytes: RawSpan) throws(DecodeFailure) {
        guard try peek(bytes) == byte else { throw .invalidJSON }
        index &+= 1
    }

    /// Skips the next byte if it is the given one.
    @inlinable @inline(__always)
    public mutating func skip(_ byte: UInt8, in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        guard try peek(bytes) == byte else { return false }
        index &+= 1
        return true
    }

    /// Enters an object; skips an empty one and returns false.
    @inlinable @inline(__always)
    public mutating func enterObject(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        try expect(UInt8(ascii: "{"), in: bytes)
        return try !skip(UInt8(ascii: "}"), in: bytes)
    }

    /// Reads the key of a member and skips the colon.
    @inlinable @inline(__always)
    public mutating func memberKey(in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        let key = try string(in: bytes)
        guard key.kind == .string else { throw .unsupportedEscape }
        try expect(UInt8(ascii: ":"), in: bytes)
        return key
    }

    /// Moves to the next member; skips the end of the object and returns false when there is none.
    @inlinable @inline(__always)
    public mutating func hasNextMember(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        if try skip(UInt8(ascii: ","), in: bytes) { return true }
        try expect(UInt8(ascii: "}"), in: bytes)
        return false
    }

    /// Enters an array; skips an empty one and returns false.
    @inlinable @inline(__always)
    public mutating func enterArray(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        try expect(UInt8(ascii: "["), in: bytes)
        return try !skip(UInt8(ascii: "]"), in: bytes)
    }

    /// Moves to the next element; skips the end of the array and returns false when there is none.
    @inlinable @inline(__always)
    public mutating func hasNextElement(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        if try skip(UInt8(ascii: ","), in: bytes) { return true }
        try expect(UInt8(ascii: "]"), in: bytes)
        return false
    }

    /// Checks that only white space follows.
    @inlinable
    public mutating func expectEnd(of bytes: RawSpan) throws(DecodeFailure) {
        while index < bytes.byteCount {
            switch bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) {
            case 0x20, 0x0A, 0x0D, 0x09: index &+= 1
            default: throw .invalidJSON
            }
        }
    }

    /// Reads a complete value and returns its position.
    @inlinable @inline(__always)
    public mutating func value(in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        switch try peek(bytes) {
        case UInt8(ascii: "\""): return try string(in: bytes)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try container(in: bytes)
        default: return try scalar(in: bytes)
        }
    }

    /// Reads a string.
    @inlinable @inline(__always)
    public mutating func string(in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        try expect(UInt8(ascii: "\""), in: bytes)
        let start = index
        var seen: UInt8 = 0
        while index < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if byte == UInt8(ascii: "\"") {
                let value = JSONValue(kind: .string, start: start, end: index)
                index &+= 1
                if seen >= 0x80, !UTF8Check.isValid(bytes, start..<value.end) { throw .invalidUTF8 }
                return value
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start, in: bytes) }
            guard byte >= 0x20 else { throw .invalidJSON }
            seen |= byte
            index &+= 1
        }
        throw .invalidJSON
    }

    /// Reads the rest of a string from its first backslash on.
    @usableFromInline
    mutating func escapedString(from start: Int, in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        while index < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            index &+= 1
            switch byte {
            case UInt8(ascii: "\""):
                guard UTF8Check.isValid(bytes, start..<(index - 1)) else { throw .invalidUTF8 }
                return JSONValue(kind: .escapedString, start: start, end: index - 1)
            case UInt8(ascii: "\\"):
                try escape(in: bytes)
            case 0..<0x20:
                throw .invalidJSON
            default:
                break
            }
        }
        throw .invalidJSON
    }

    private mutating func escape(in bytes: RawSpan) throws(DecodeFailure) {
        guard index < bytes.byteCount else { throw .invalidJSON }
        let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        index &+= 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard index < bytes.byteCount, isHexadecimal(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                else { throw .invalidJSON }
                index &+= 1
            }
        default:
            throw .invalidJSON
        }
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9 || (byte | 0x20) &- UInt8(ascii: "a") <= 5
    }

    @inlinable @inline(__always)
    mutating func scalar(in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        let start = index
        switch bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) {
        case UInt8(ascii: "t"):
            try literal("true", in: bytes)
            return JSONValue(kind: .bool, start: start, end: index)
        case UInt8(ascii: "f"):
            try literal("false", in: bytes)
            return JSONValue(kind: .bool, start: start, end: index)
        case UInt8(ascii: "n"):
            try literal("null", in: bytes)
            return JSONValue(kind: .null, start: start, end: index)
        default:
            try number(in: bytes)
            return JSONValue(kind: .number, start: start, end: index)
        }
    }

    @inlinable @inline(__always)
    mutating func literal(_ text: StaticString, in bytes: RawSpan) throws(DecodeFailure) {
        guard bytes.byteCount - index >= text.utf8CodeUnitCount else { throw .invalidJSON }
        for offset in 0..<text.utf8CodeUnitCount {
            guard bytes.unsafeLoad(fromByteOffset: index + offset, as: UInt8.self) == text.utf8Start[offset] else {
                throw .invalidJSON
            }
        }
        index += text.utf8CodeUnitCount
    }

    @inlinable @inline(__always)
    mutating func number(in bytes: RawSpan) throws(DecodeFailure) {
        func byte(_ index: Int) -> UInt8 {
            index < bytes.byteCount ? bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) : 0
        }
        func digits(from start: Int) throws(DecodeFailure) -> Int {
            var end = start
            while byte(end) &- UInt8(ascii: "0") <= 9 { end &+= 1 }
            guard end > start else { throw .invalidJSON }
            return end
        }
        if byte(index) == UInt8(ascii: "-") { index &+= 1 }
        let isZero = byte(index) == UInt8(ascii: "0")
        let end = try digits(from: index)
        if isZero, end - index > 1 { throw .invalidJSON }
        index = end
        if byte(index) == UInt8(ascii: ".") { index = try digits(from: index + 1) }
        if byte(index) | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-") { index &+= 1 }
            index = try digits(from: index)
        }
    }

    /// Reads and checks a complete object or array. Each bit of `stack` is an open container, 1 for an object.
    @usableFromInline
    mutating func container(in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        let start = index
        let kind: JSONValue.Kind =
            bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: "{") ? .object : .array
        var stack: UInt64 = 0
        var depth = 0
        while true {
            // A value begins.
            let byte = try peek(bytes)
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                guard depth < Self.deepestNesting else { throw .invalidJSON }
                let isObject = byte == UInt8(ascii: "{")
                stack = stack << 1 | (isObject ? 1 : 0)
                depth += 1
                index &+= 1
                if try !skip(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), in: bytes) {
                    if isObject { try key(in: bytes) }
                    continue
                }
                stack >>= 1
                depth -= 1
            } else if byte == UInt8(ascii: "\"") {
                _ = try string(in: bytes)
            } else {
                _ = try scalar(in: bytes)
            }
            // A value has ended.
            while depth > 0 {
                let isObject = stack & 1 == 1
                if try skip(UInt8(ascii: ","), in: bytes) {
                    if isObject { try key(in: bytes) }
                    break
                }
                try expect(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), in: bytes)
                stack >>= 1
                depth -= 1
            }
            if depth == 0 { return JSONValue(kind: kind, start: start, end: index) }
        }
    }

    private mutating func key(in bytes: RawSpan) throws(DecodeFailure) {
        _ = try string(in: bytes)
        try expect(UInt8(ascii: ":"), in: bytes)
    }
}
