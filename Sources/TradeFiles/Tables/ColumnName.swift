/// The meaning of a table's column, found by common names, without case and separators.
package enum ColumnName: String, CaseIterable, Sendable {
    case time, venue, exchange, symbol, stream, id, aggregateID, price, quantity, buyerIsMaker, takerSide, orderType
    case bestMatch, timeframe, open, high, low, close, volume, trades, state

    /// The names, the most precise first: when a table has several columns of one meaning, the first name counts.
    package var names: [String] {
        switch self {
        case .time:
            [
                "opentimeus", "opentimems", "opentsms", "opentsus", "opentime", "opents", "timeus", "tsus", "timens",
                "tsns", "timems", "tsms", "timestamp", "unix", "unixtimestamp", "unixtime", "epoch", "transacttime",
                "tradetime", "createdtime", "windowstart", "tsevent", "time", "datetime", "date", "ts",
            ]
        case .venue: ["venue"]
        case .exchange: ["exchange"]
        case .symbol: ["symbol", "ticker", "pair", "instrument", "instrumentname", "productid", "instid", "name"]
        case .stream: ["stream"]
        case .id: ["tradeid", "id", "tid"]
        case .aggregateID: ["aggtradeid"]
        case .price: ["price", "px"]
        case .quantity: ["qty", "quantity", "size", "amount", "volume", "vol"]
        case .buyerIsMaker: ["isbuyermaker", "buyermaker"]
        case .takerSide: ["takerside", "side", "aggressorside"]
        case .orderType: ["ordertype"]
        case .bestMatch: ["isbestmatch"]
        case .timeframe: ["timeframe", "interval"]
        case .open: ["open"]
        case .high: ["high"]
        case .low: ["low"]
        case .close: ["close"]
        case .volume: ["volume", "vol"]
        case .trades: ["trades", "count", "tradecount", "numberoftrades"]
        case .state: ["state"]
        }
    }

    /// A name without case and separators: `isBuyerMaker` and `is_buyer_maker` are equal.
    package static func plain(_ name: String) -> String {
        var name = name
        // Almost all names are ASCII, of which no character takes part in another.
        let ascii = name.withUTF8 { bytes in
            bytes.contains { $0 >= 0x80 }
                ? nil : String(decoding: bytes.compactMap(Self.plain), as: UTF8.self)
        }
        return ascii ?? name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// A letter in lower case or a digit; nil for any other ASCII character.
    private static func plain(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: nil
        }
    }
}
