import MarketData

/// The positions of one trade's fields in a message of the channel; prices and quantities are numbers.
struct KrakenTrade {
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
            if key.equals("symbol", in: bytes) {
                try symbol.set(value)
            } else if key.equals("trade_id", in: bytes) {
                try id.set(value)
            } else if key.equals("price", in: bytes) {
                try price.set(value)
            } else if key.equals("qty", in: bytes) {
                try quantity.set(value)
            } else if key.equals("side", in: bytes) {
                try side.set(value)
            } else if key.equals("timestamp", in: bytes) {
                try time.set(value)
            }
        } while try cursor.hasNextMember(in: bytes)
    }

    /// The record and its id. `side` is the taker's side.
    func record(in bytes: RawSpan) throws(DecodeFailure) -> (TradeRecord, id: Int64) {
        let symbol = try symbol.text(in: bytes)
        let id = try id.integer(in: bytes)
        let record = TradeRecord(
            symbol: symbol,
            id: id,
            time: try time.dateTime(in: bytes),
            price: try number(price, in: bytes),
            quantity: try number(quantity, in: bytes),
            takerSide: try side.side(in: bytes),
            isMarketOrder: true
        )
        return (record, id)
    }

    /// The exact decimal of a plain number; nil when it has more digits than fit.
    private func number(_ value: JSONValue, in bytes: RawSpan) throws(DecodeFailure) -> FixedDecimal? {
        guard value.kind == .number else { throw value.isPresent ? .wrongType : .missingField }
        return try value.decimal(in: bytes)
    }
}
