/// Where the fields of a trade stand in one message, bare or in the wrapper `{"stream":…,"data":{…}}`.
///
/// Fields may come in any order; unknown keys are checked and skipped. A field that occurs twice is refused.
struct BinanceMessage {
    var event = JSONValue()
    var symbol = JSONValue()
    var aggregateID = JSONValue()
    var tradeID = JSONValue()
    var price = JSONValue()
    var quantity = JSONValue()
    var time = JSONValue()
    var buyerIsMaker = JSONValue()
    var orderType = JSONValue()
    var result = JSONValue()

    /// Reads a whole message and checks all of it.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        self.init()
        var cursor = JSONCursor()
        var inner = BinanceMessage()
        let isWrapped = try read(&cursor, bytes, data: &inner)
        try cursor.expectEnd(of: bytes)
        if isWrapped { self = inner }
    }

    private init() {}

    /// Reads an object member by member; true when it had an object `data`, which then is in `inner`.
    private mutating func read(
        _ cursor: inout JSONCursor,
        _ bytes: RawSpan,
        data inner: inout BinanceMessage
    ) throws(DecodeFailure) -> Bool {
        var isWrapped = false
        try cursor.expect(UInt8(ascii: "{"), in: bytes)
        if try cursor.skip(UInt8(ascii: "}"), in: bytes) { return false }
        repeat {
            let key = try cursor.string(in: bytes)
            guard key.kind == .string else { throw .unsupportedEscape }
            try cursor.expect(UInt8(ascii: ":"), in: bytes)
            if key.isData(in: bytes), try cursor.peek(bytes) == UInt8(ascii: "{") {
                guard !isWrapped else { throw .duplicateField }
                isWrapped = true
                try inner.readEvent(&cursor, bytes)
            } else {
                try take(cursor.value(in: bytes), for: key, bytes)
            }
        } while try cursor.skip(UInt8(ascii: ","), in: bytes)
        try cursor.expect(UInt8(ascii: "}"), in: bytes)
        return isWrapped
    }

    private mutating func readEvent(_ cursor: inout JSONCursor, _ bytes: RawSpan) throws(DecodeFailure) {
        try cursor.expect(UInt8(ascii: "{"), in: bytes)
        if try cursor.skip(UInt8(ascii: "}"), in: bytes) { return }
        repeat {
            let key = try cursor.string(in: bytes)
            guard key.kind == .string else { throw .unsupportedEscape }
            try cursor.expect(UInt8(ascii: ":"), in: bytes)
            try take(cursor.value(in: bytes), for: key, bytes)
        } while try cursor.skip(UInt8(ascii: ","), in: bytes)
        try cursor.expect(UInt8(ascii: "}"), in: bytes)
    }

    @inline(__always)
    private mutating func take(_ value: JSONValue, for key: JSONValue, _ bytes: RawSpan) throws(DecodeFailure) {
        guard key.end - key.start == 1 else {
            if key.isResult(in: bytes) { try Self.set(&result, value) }
            return
        }
        switch bytes.unsafeLoad(fromByteOffset: key.start, as: UInt8.self) {
        case UInt8(ascii: "e"): try Self.set(&event, value)
        case UInt8(ascii: "s"): try Self.set(&symbol, value)
        case UInt8(ascii: "a"): try Self.set(&aggregateID, value)
        case UInt8(ascii: "t"): try Self.set(&tradeID, value)
        case UInt8(ascii: "p"): try Self.set(&price, value)
        case UInt8(ascii: "q"): try Self.set(&quantity, value)
        case UInt8(ascii: "T"): try Self.set(&time, value)
        case UInt8(ascii: "m"): try Self.set(&buyerIsMaker, value)
        case UInt8(ascii: "X"): try Self.set(&orderType, value)
        default: break
        }
    }

    @inline(__always)
    private static func set(_ field: inout JSONValue, _ value: JSONValue) throws(DecodeFailure) {
        guard !field.isPresent else { throw .duplicateField }
        field = value
    }
}

extension JSONValue {
    fileprivate func isData(in bytes: RawSpan) -> Bool {
        guard end - start == 4 else { return false }
        return bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self)
            == UInt32(littleEndian: 0x6174_6164)
    }

    fileprivate func isResult(in bytes: RawSpan) -> Bool {
        equals("result", in: bytes)
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
