/// The value of a bar: prices in the quote currency, volume in the base unit.
public struct BarPrices: Hashable, Sendable {
    /// The first price.
    public var open: Double
    /// The highest price.
    public var high: Double
    /// The lowest price.
    public var low: Double
    /// The last price.
    public var close: Double
    /// The summed quantity.
    public var volume: Double
    /// How many trades.
    public var trades: Int

    /// Prices from their parts.
    public init(open: Double, high: Double, low: Double, close: Double, volume: Double, trades: Int) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.trades = trades
    }

    /// The value of a bar without trades after a close: that close, and no volume.
    public static func carried(_ close: Double) -> BarPrices {
        BarPrices(open: close, high: close, low: close, close: close, volume: 0, trades: 0)
    }
}
