import MarketData

/// The positions of one trade's fields, in a message of the channel or in a REST response; numbers are strings.
struct OKXTrade {
    private var symbol = JSONValue()
    private var id = JSONValue()
    private var price = JSONValue()
    private var quantity = JSONValue()
    private var side = JSONValue()
    private var time = JSONValue()

    /// Reads one element of `data` and moves the cursor past it.
    init(_ cursor: inout JSONCursor, in bytes: RawSpan) throws(DecodeFailure) {
        guard try cursor.peek(bytes) == UInt8(ascii: "{") else { throw .wrongType }
        guard try cursor.enterObject(in: bytes) else { return }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            let value = try cursor.value(in: bytes)
            if key.equals("instId", in: bytes) {
                try symbol.set(value)
            } else if key.equals("tradeId", in: bytes) {
                try id.set(value)
            } else if key.equals("px", in: bytes) {
                try price.set(value)
            } else if key.equals("sz", in: bytes) {
                try quantity.set(value)
            } else if key.equals("side", in: bytes) {
                try side.set(value)
            } else if key.equals("ts", in: bytes) {
                try time.set(value)
            }
        } while try cursor.hasNextMember(in: bytes)
    }

    /// The record and its id. `side` is the taker's side.
    func record(in bytes: RawSpan) throws(DecodeFailure) -> (TradeRecord, id: Int64) {
        let symbol = try symbol.text(in: bytes)
        let id = try id.quotedInteger(in: bytes)
        guard let time = Timestamp(milliseconds: try time.quotedInteger(in: bytes)), time <= TradeRecord.latestTime
        else { throw .numberOutOfRange }
        let record = TradeRecord(
            symbol: symbol,
            id: id,
            time: time,
            price: try price.quotedDecimal(in: bytes),
            quantity: try quantity.quotedDecimal(in: bytes),
            takerSide: try side.side(in: bytes),
            isMarketOrder: true
        )
        return (record, id)
    }
}
