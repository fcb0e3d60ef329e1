package import MarketData
package import TradeStore

/// Where trades and bars are kept, and for how long; durations in microseconds.
package struct StorageConfiguration: Sendable, Hashable {
    /// The database file, or `:memory:` for none.
    package internal(set) var path = "data/pairs.sqlite"
    /// The failures that a commit survives.
    package internal(set) var synchronous = SynchronousMode.normal
    /// What happens when the database file is removed or replaced while it is open.
    var onFileReplaced = FileReplacement.begin
    /// How long trades are kept.
    var tradesRetention: Int64 = 7 * 86_400_000_000
    /// How long bars are kept, for the timeframes that the file names.
    package internal(set) var barsRetention: [Timeframe: Int64] = [:]

    private static let day: Int64 = 86_400_000_000
    /// How long bars of timeframes that the file does not name are kept, and how long those of any other.
    private static let standardDays: [(timeframe: String, days: Int64)] = [("1s", 2), ("1m", 90)]
    private static let otherDays: Int64 = 365

    /// How long bars of a timeframe are kept, unless windows need them longer.
    package func retention(of timeframe: Timeframe) -> Int64 {
        if let named = barsRetention[timeframe] { return named }
        let standard = Self.standardDays.first { Timeframe($0.timeframe) == timeframe }
        return (standard?.days ?? Self.otherDays) * Self.day
    }

    mutating func read(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping([
            "path", "synchronous", "on_file_replaced", "trades_retention", "bars_retention",
        ])
        if let node = entries["path"] {
            path = try node.string()
            if path.isEmpty { throw node.error("must name a file, or :memory: for none") }
        }
        if let node = entries["synchronous"] { synchronous = try node.choice() }
        if let node = entries["on_file_replaced"] { onFileReplaced = try node.choice() }
        if let node = entries["trades_retention"] { tradesRetention = try node.duration(from: "1m", to: "100y") }
        for (name, value) in try entries["bars_retention"]?.orderedMapping() ?? [] {
            guard let timeframe = Timeframe(name) else {
                throw value.error("\(name) is no bar length; write one such as 1s, 5m or 1h")
            }
            barsRetention[timeframe] = try value.duration(from: "1m", to: "100y")
        }
    }
}
