import MarketData

/// The small parts of a stored trade in one integer: price scale in bits 0–4, quantity scale in 5–9, taker side above.
struct TradeFormat {
    var rawValue: Int64

    init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    init(_ trade: Trade) {
        rawValue =
            Int64(trade.price.scale) | Int64(trade.quantity.scale) << 5 | Int64(trade.takerSide.rawValue) << 10
    }

    var priceScale: Int { Int(rawValue & 31) }
    var quantityScale: Int { Int(rawValue >> 5 & 31) }
    var takerSide: TakerSide { TakerSide(rawValue: UInt8(truncatingIfNeeded: rawValue >> 10)) ?? .unknown }
}
