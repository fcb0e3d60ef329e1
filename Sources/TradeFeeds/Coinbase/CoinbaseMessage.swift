import MarketData

/// The positions of a Coinbase Exchange message's fields (docs.cdp.coinbase.com, Exchange WebSocket channels).
///
/// Members may have any order; unknown ones are checked and skipped. A member that occurs twice is an error.
struct CoinbaseMessage {
    private(set) var type = JSONValue()
    private(set) var symbol = JSONValue()
    private(set) var lastID = JSONValue()
    private var id = JSONValue()
    private var price = JSONValue()
    private var quantity = JSONValue()
    private var side = JSONValue()
    private var time = JSONValue()

    /// Reads and checks a complete message.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        var cursor = JSONCursor()
        self = try CoinbaseMessage(&cursor, in: bytes)
        try cursor.expectEnd(of: bytes)
    }

    /// Reads an object and moves the cursor past it.
    init(_ cursor: inout JSONCursor, in bytes: RawSpan) throws(DecodeFailure) {
        guard try cursor.enterObject(in: bytes) else { return }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            let value = try cursor.value(in: bytes)
            if key.equals("type", in: bytes) {
                try type.set(value)
            } else if key.equals("trade_id", in: bytes) {
                try id.set(value)
            } else if key.equals("product_id", in: bytes) {
                try symbol.set(value)
            } else if key.equals("price", in: bytes) {
                try price.set(value)
            } else if key.equals("size", in: bytes) {
                try quantity.set(value)
            } else if key.equals("side", in: bytes) {
                try side.set(value)
            } else if key.equals("time", in: bytes) {
                try time.set(value)
            } else if key.equals("last_trade_id", in: bytes) {
                try lastID.set(value)
            }
        } while try cursor.hasNextMember(in: bytes)
    }

    /// The record and its id. `side` is the maker's side, so the taker's is the opposite.
    func record(of symbol: Range<Int>, in bytes: RawSpan) throws(DecodeFailure) -> (TradeRecord, id: Int64) {
        let id = try id.integer(in: bytes)
        let record = TradeRecord(
            symbol: symbol,
            id: id,
            time: try time.dateTime(in: bytes),
            price: try price.quotedDecimal(in: bytes),
            quantity: try quantity.quotedDecimal(in: bytes),
            takerSide: try side.side(in: bytes) == .buy ? .sell : .buy,
            isMarketOrder: true
        )
        return (record, id)
    }
}
