import MarketData

/// The venues behind the names that archives give to exchanges, such as tardis.dev in its column `exchange`.
enum StatedExchange {
    private static let venues: [String: Venue] = [
        "binance": .binanceSpot, "binance-futures": .binanceUSDM, "okex": .okx, "okex-swap": .okx, "okex-spot": .okx,
        "okx": .okx, "okx-swap": .okx, "okx-spot": .okx, "coinbase": .coinbase, "gdax": .coinbase,
    ]

    /// Nil for an exchange that has no venue here, and for codes of stock exchanges.
    static func venue(_ name: String) -> Venue? {
        venues[name.lowercased()]
    }
}
