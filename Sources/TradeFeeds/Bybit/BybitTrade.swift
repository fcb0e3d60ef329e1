import MarketData

/// The positions of one trade's fields, in a message of the topic or in a REST response.
struct BybitTrade {
    /// Where a trade is read from; the names and types of the fields differ.
    enum Source {
        /// `{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","BT":false,"seq":1783284617}`.
        case topic
        /// `{"symbol":"BTCUSDT","price":"16618.49","size":"0.00012","side":"Buy","time":"1672052955758",
        /// "isBlockTrade":false,"seq":"123456"}`.
        case response
    }

    private let source: Source
    private var symbol = JSONValue()
    private var sequence = JSONValue()
    private var price = JSONValue()
    private var quantity = JSONValue()
    private var side = JSONValue()
    private var time = JSONValue()
    private var isBlockTrade = JSONValue()

    /// Reads one element of the list of trades and moves the cursor past it.
    init(_ cursor: inout JSONCursor, in bytes: RawSpan, from source: Source) throws(DecodeFailure) {
        self.source = source
        guard try cursor.peek(bytes) == UInt8(ascii: "{") else { throw .wrongType }
        guard try cursor.enterObject(in: bytes) else { return }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            let value = try cursor.value(in: bytes)
            switch source {
            case .topic: try setOfTopic(key, value, in: bytes)
            case .response: try setOfResponse(key, value, in: bytes)
            }
        } while try cursor.hasNextMember(in: bytes)
    }

    private mutating func setOfTopic(_ key: JSONValue, _ value: JSONValue, in bytes: RawSpan) throws(DecodeFailure) {
        if key.equals("s", in: bytes) {
            try symbol.set(value)
        } else if key.equals("seq", in: bytes) {
            try sequence.set(value)
        } else if key.equals("p", in: bytes) {
            try price.set(value)
        } else if key.equals("v", in: bytes) {
            try quantity.set(value)
        } else if key.equals("S", in: bytes) {
            try side.set(value)
        } else if key.equals("T", in: bytes) {
            try time.set(value)
        } else if key.equals("BT", in: bytes) {
            try isBlockTrade.set(value)
        }
    }

    private mutating func setOfResponse(_ key: JSONValue, _ value: JSONValue, in bytes: RawSpan) throws(DecodeFailure) {
        if key.equals("symbol", in: bytes) {
            try symbol.set(value)
        } else if key.equals("seq", in: bytes) {
            try sequence.set(value)
        } else if key.equals("price", in: bytes) {
            try price.set(value)
        } else if key.equals("size", in: bytes) {
            try quantity.set(value)
        } else if key.equals("side", in: bytes) {
            try side.set(value)
        } else if key.equals("time", in: bytes) {
            try time.set(value)
        } else if key.equals("isBlockTrade", in: bytes) {
            try isBlockTrade.set(value)
        }
    }

    /// The record and its cross sequence number. A block trade was agreed on outside the order book, so its price is
    /// none of the market.
    func record(in bytes: RawSpan) throws(DecodeFailure) -> (TradeRecord, sequence: Int64) {
        let symbol = try symbol.text(in: bytes)
        let number = try integer(sequence, in: bytes)
        guard let time = Timestamp(milliseconds: try integer(time, in: bytes)), time <= TradeRecord.latestTime
        else { throw .numberOutOfRange }
        let record = TradeRecord(
            symbol: symbol,
            id: number,
            time: time,
            price: try price.quotedDecimal(in: bytes),
            quantity: try quantity.quotedDecimal(in: bytes),
            takerSide: try takerSide(in: bytes),
            isMarketOrder: isBlockTrade.isPresent ? try !isBlockTrade.bool(in: bytes) : true
        )
        return (record, number)
    }

    private func integer(_ value: JSONValue, in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        switch source {
        case .topic: try value.integer(in: bytes)
        case .response: try value.quotedInteger(in: bytes)
        }
    }

    /// `Buy` or `Sell`, the taker's side.
    private func takerSide(in bytes: RawSpan) throws(DecodeFailure) -> TakerSide {
        _ = try side.text(in: bytes)
        if side.equals("Buy", in: bytes) { return .buy }
        if side.equals("Sell", in: bytes) { return .sell }
        throw .wrongType
    }
}
