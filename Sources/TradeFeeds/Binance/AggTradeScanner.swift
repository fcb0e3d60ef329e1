import MarketData

/// Reads an `aggTrade` event of a combined stream in the exact form that Binance sends: these fields in this order,
/// without white space. ``BinanceMessage`` reads every other form and reports errors.
enum AggTradeScanner {
    private static var stream: ShortText { ShortText(#"{"stream"#) }
    private static var colon: ShortText { ShortText(#"":""#) }
    private static var data: ShortText { ShortText(#"","data""#) }
    private static var eventStart: ShortText { ShortText(#":{"e":"a"#) }
    private static var eventEnd: ShortText { ShortText(#"ggTrade""#) }
    private static var eventTime: ShortText { ShortText(#","E":"#) }
    private static var id: ShortText { ShortText(#","a":"#) }
    private static var symbol: ShortText { ShortText(#","s":""#) }
    private static var idAfterSymbol: ShortText { ShortText(#"","a":"#) }
    private static var price: ShortText { ShortText(#","p":""#) }
    private static var priceAfterSymbol: ShortText { ShortText(#"","p":""#) }
    private static var quantity: ShortText { ShortText(#"","q":""#) }
    private static var normalQuantity: ShortText { ShortText(#"","nq":""#) }
    private static var firstID: ShortText { ShortText(#"","f":"#) }
    private static var lastID: ShortText { ShortText(#","l":"#) }
    private static var time: ShortText { ShortText(#","T":"#) }
    private static var buyerIsMaker: ShortText { ShortText(#","m":"#) }
    private static var yes: ShortText { ShortText("true") }
    private static var no: ShortText { ShortText("false") }
    private static var status: ShortText { ShortText(#","st":"#) }
    private static var closing: ShortText { ShortText("}}") }

    /// The record and its id; nil for any other form, which the full decoder must read.
    @inline(__always)
    static func record(in bytes: RawSpan) -> (TradeRecord, id: Int64)? {
        var cursor = TextCursor()
        guard cursor.skip(stream, in: bytes), cursor.skip(colon, in: bytes), cursor.plainText(in: bytes) != nil,
            cursor.skip(data, in: bytes), cursor.skip(eventStart, in: bytes), cursor.skip(eventEnd, in: bytes),
            cursor.skip(eventTime, in: bytes), cursor.wholeNumber(in: bytes) != nil
        else { return nil }
        // Recordings of earlier years have these two fields in the other order.
        let number: Int64
        let name: Range<Int>
        if cursor.skip(id, in: bytes) {
            guard let first = cursor.wholeNumber(in: bytes), cursor.skip(symbol, in: bytes),
                let second = cursor.plainText(in: bytes), cursor.skip(priceAfterSymbol, in: bytes)
            else { return nil }
            (number, name) = (first, second)
        } else {
            guard cursor.skip(symbol, in: bytes), let first = cursor.plainText(in: bytes),
                cursor.skip(idAfterSymbol, in: bytes), let second = cursor.wholeNumber(in: bytes),
                cursor.skip(price, in: bytes)
            else { return nil }
            (name, number) = (first, second)
        }
        guard let priceValue = cursor.decimal(in: bytes), cursor.skip(quantity, in: bytes),
            let quantityValue = cursor.decimal(in: bytes)
        else { return nil }
        if cursor.skip(normalQuantity, in: bytes), cursor.decimal(in: bytes) == nil { return nil }
        guard cursor.skip(firstID, in: bytes), cursor.wholeNumber(in: bytes) != nil,
            cursor.skip(lastID, in: bytes), cursor.wholeNumber(in: bytes) != nil,
            cursor.skip(time, in: bytes), let milliseconds = cursor.wholeNumber(in: bytes),
            let timestamp = Timestamp(milliseconds: milliseconds), timestamp <= TradeRecord.latestTime,
            cursor.skip(buyerIsMaker, in: bytes)
        else { return nil }
        let takerSide = cursor.skip(yes, in: bytes) ? TakerSide.sell : .buy
        if takerSide == .buy, !cursor.skip(no, in: bytes) { return nil }
        if cursor.skip(status, in: bytes), cursor.wholeNumber(in: bytes) == nil { return nil }
        guard cursor.skip(closing, in: bytes), cursor.index == bytes.byteCount else { return nil }
        let record = TradeRecord(
            symbol: name,
            id: number,
            time: timestamp,
            price: priceValue,
            quantity: quantityValue,
            takerSide: takerSide,
            isMarketOrder: true
        )
        return (record, number)
    }
}
