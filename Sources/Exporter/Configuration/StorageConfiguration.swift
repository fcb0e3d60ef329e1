public import MarketData
public import TradeStore

/// Where trades and bars are kept, and for how long; durations in microseconds.
public struct StorageConfiguration: Sendable, Hashable {
    /// The database file, or `:memory:` for none.
    public internal(set) var path = "data/pairs.sqlite"
    /// What a commit survives.
    public internal(set) var synchronous = SynchronousMode.normal
    /// How long trades are kept.
    public internal(set) var tradesRetention: Int64 = 7 * 86_400_000_000
    /// How long bars are kept, for timeframes named.
    public internal(set) var barsRetention: [Timeframe: Int64] = StorageConfiguration.standardBarsRetention

    /// How long bars of other timeframes are kept.
    static let otherBarsRetention: Int64 = 365 * 86_400_000_000

    private static var standardBarsRetention: [Timeframe: Int64] {
        let days: [(String, Int64)] = [("1s", 2), ("1m", 90), ("5m", 365)]
        return Dictionary(
            uniqueKeysWithValues: days.compactMap { text, days in
                Timeframe(text).map { ($0, days * 86_400_000_000) }
            }
        )
    }

    /// How long bars of a timeframe are kept.
    public func retention(of timeframe: Timeframe) -> Int64 {
        barsRetention[timeframe] ?? Self.otherBarsRetention
    }

    mutating func read(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(["path", "synchronous", "trades_retention", "bars_retention"])
        if let node = entries["path"] {
            path = try node.string()
            if path.isEmpty { throw node.error("must name a file, or :memory: for none") }
        }
        if let node = entries["synchronous"] { synchronous = try node.choice() }
        if let node = entries["trades_retention"] { tradesRetention = try node.duration(from: "1m", to: "100y") }
        for (name, value) in try entries["bars_retention"]?.orderedMapping() ?? [] {
            guard let timeframe = Timeframe(name) else {
                throw value.error("\(name) is no bar length; write one such as 1s, 5m or 1h")
            }
            barsRetention[timeframe] = try value.duration(from: "1m", to: "100y")
        }
    }
}
