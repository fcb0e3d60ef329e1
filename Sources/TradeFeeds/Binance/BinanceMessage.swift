/// The positions of a trade's fields in one message, bare or in the wrapper `{"stream":…,"data":{…}}`.
///
/// Fields may have any order; unknown keys are checked and skipped. A field that occurs twice is an error.
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

    /// Reads and checks a complete message.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        self.init()
        var cursor = JSONCursor()
        var inner = BinanceMessage()
        let isWrapped = try read(&cursor, bytes, data: &inner)
        try cursor.expectEnd(of: bytes)
        if isWrapped { self = inner }
    }

    private init() {}

    /// Reads an object member by member. Returns true when the object has a member `data` that is an object, and reads
    /// that into `inner`.
    private mutating func read(
        _ cursor: inout JSONCursor,
        _ bytes: RawSpan,
        data inner: inout BinanceMessage
    ) throws(DecodeFailure) -> Bool {
        var isWrapped = false
        guard try cursor.enterObject(in: bytes) else { return false }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            if key.isData(in: bytes), try cursor.peek(bytes) == UInt8(ascii: "{") {
                guard !isWrapped else { throw .duplicateField }
                isWrapped = true
                try inner.readEvent(&cursor, bytes)
            } else {
                try store(cursor.value(in: bytes), for: key, bytes)
            }
        } while try cursor.hasNextMember(in: bytes)
        return isWrapped
    }

    private mutating func readEvent(_ cursor: inout JSONCursor, _ bytes: RawSpan) throws(DecodeFailure) {
        guard try cursor.enterObject(in: bytes) else { return }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            try store(cursor.value(in: bytes), for: key, bytes)
        } while try cursor.hasNextMember(in: bytes)
    }

    @inline(__always)
    private mutating func store(_ value: JSONValue, for key: JSONValue, _ bytes: RawSpan) throws(DecodeFailure) {
        guard key.end - key.start == 1 else {
            if key.equals("result", in: bytes) { try result.set(value) }
            return
        }
        switch bytes.unsafeLoad(fromByteOffset: key.start, as: UInt8.self) {
        case UInt8(ascii: "e"): try event.set(value)
        case UInt8(ascii: "s"): try symbol.set(value)
        case UInt8(ascii: "a"): try aggregateID.set(value)
        case UInt8(ascii: "t"): try tradeID.set(value)
        case UInt8(ascii: "p"): try price.set(value)
        case UInt8(ascii: "q"): try quantity.set(value)
        case UInt8(ascii: "T"): try time.set(value)
        case UInt8(ascii: "m"): try buyerIsMaker.set(value)
        case UInt8(ascii: "X"): try orderType.set(value)
        default: break
        }
    }
}

extension JSONValue {
    fileprivate func isData(in bytes: RawSpan) -> Bool {
        guard end - start == 4 else { return false }
        return bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self)
            == UInt32(littleEndian: 0x6174_6164)
    }
}
