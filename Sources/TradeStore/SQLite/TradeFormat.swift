import MarketData

/// The small parts of a stored trade in one integer, from the lowest bit: 5 bits of the price's scale, 5 of the
/// quantity's scale, 2 of the taker side, 8 of the price's further zeros, 8 of the quantity's further zeros.
struct TradeFormat {
    var rawValue: Int64

    init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    init(_ trade: Trade) {
        rawValue =
            Int64(trade.price.scale) | Int64(trade.quantity.scale) << 5 | Int64(trade.takerSide.rawValue) << 10
            | Int64(trade.price.furtherZeros) << 12 | Int64(trade.quantity.furtherZeros) << 20
    }

    var takerSide: TakerSide { TakerSide(rawValue: UInt8(rawValue >> 10 & 3)) ?? .unknown }

    /// Whether a price or a quantity has more decimals than this program can write.
    var isDamaged: Bool {
        rawValue & 31 > FixedDecimal.maximumScale || rawValue >> 5 & 31 > FixedDecimal.maximumScale || rawValue < 0
            || rawValue >> 28 != 0
    }

    /// The price with this stored mantissa.
    func price(_ mantissa: Int64) -> FixedDecimal {
        FixedDecimal(mantissa: mantissa, scale: Int(rawValue & 31), furtherZeros: Int(rawValue >> 12 & 255))
    }

    /// The quantity with this stored mantissa.
    func quantity(_ mantissa: Int64) -> FixedDecimal {
        FixedDecimal(mantissa: mantissa, scale: Int(rawValue >> 5 & 31), furtherZeros: Int(rawValue >> 20 & 255))
    }
}
