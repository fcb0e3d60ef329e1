import MarketData

/// A venue's own bar.
struct Candle: Hashable, Sendable {
    var openTime: Timestamp
    var prices: BarPrices
}
