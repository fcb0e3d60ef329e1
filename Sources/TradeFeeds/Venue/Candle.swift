import MarketData

/// A venue's own bar.
struct Candle: Hashable, Sendable {
    var openTime: Timestamp
    var prices: BarPrices
}

extension Bar {
    /// A bar from a venue's candle.
    init(_ candle: Candle, slot: Int64, of instrument: InstrumentID, _ timeframe: Timeframe) {
        self.init(
            instrument: instrument,
            timeframe: timeframe,
            slot: slot,
            state: candle.prices.trades > 0 ? .traded : .carried,
            origin: .klines,
            prices: candle.prices
        )
    }
}
