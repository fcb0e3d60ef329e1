import MarketData

/// Maps names of exchanges in archives, such as the column `exchange` of tardis.dev, to venues.
enum StatedExchange {
    private static let venues: [String: Venue] = [
        "binance": .binanceSpot, "binance-futures": .binanceUSDM, "okex": .okx, "okex-swap": .okx, "okex-spot": .okx,
        "okx": .okx, "okx-swap": .okx, "okx-spot": .okx, "coinbase": .coinbase, "gdax": .coinbase,
        "bybit": .bybit, "kraken": .kraken,
    ]

    /// The venue of an exchange; nil where there is none, and for codes of stock exchanges.
    static func venue(_ name: String) -> Venue? {
        venues[name.lowercased()]
    }
}
