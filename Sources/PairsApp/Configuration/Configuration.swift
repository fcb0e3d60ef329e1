package import MarketData
import TradeFeeds

/// The content of a configuration file, defaults filled in.
package struct Configuration: Sendable {
    /// Where trades come from, one entry per venue.
    package internal(set) var feeds: [FeedConfiguration] = [FeedConfiguration(venue: LiveVenues.all[0].venue)]
    /// How bars are built and pairs aligned.
    package internal(set) var bars = BarsConfiguration()
    /// Where trades and bars are kept.
    package internal(set) var storage = StorageConfiguration()
    /// The settings of every pair that has none of its own.
    package internal(set) var pairDefaults = PairSettings()
    /// The horizon of the tick correlation in microseconds.
    package internal(set) var tickCorrelationHorizon: Int64 = 900_000_000
    /// How many series one exposition may have.
    package internal(set) var seriesLimit = 100_000
    /// The share of streams, from 0 to 1, that must flow for `/-/flowing` to be answered with 200.
    var minimumFlowingRatio = 1.0
    /// The pairs to watch.
    package internal(set) var pairs: [PairConfiguration] = []
    /// The name of the file in messages.
    let file: String
    /// The lines of its parts.
    private(set) var lines = Lines()

    /// The lines of the parts that are checked after the file has been read.
    struct Lines: Sendable {
        var feeds: [Venue: Int] = [:]
        var storage: Int?
    }

    static let keys = [
        "feeds", "bars", "storage", "timeframes", "windows", "price", "hedge_ratios", "tick_correlation_horizon",
        "tests", "signals", "alerts", "series_limit", "min_flowing_ratio", "pairs",
    ]

    /// The configuration of a program started without a file.
    package static func standard() throws(ConfigurationError) -> Configuration {
        try Configuration(yaml: "", file: "configuration")
    }

    /// Reads a YAML document; an empty one is the standard configuration.
    /// - Parameters:
    ///   - yaml: the document.
    ///   - file: its name, for messages.
    /// - Throws: ``ConfigurationError`` for an unknown key, a wrong type, a value out of range, or settings that
    ///   contradict each other.
    package init(yaml: String, file: String) throws(ConfigurationError) {
        self.file = file
        let document = try ConfigurationNode.document(yaml, file: file)
        let root = document.flatMap { $0.isNull ? nil : $0 }
        let entries = try root?.mapping(Self.keys) ?? [:]
        if let node = entries["feeds"] {
            feeds = try FeedConfiguration.list(node)
            for (feed, item) in zip(feeds, try node.list()) { lines.feeds[feed.venue] = item.line }
        }
        if let node = entries["bars"] { try bars.read(node) }
        if let node = entries["storage"] {
            try storage.read(node)
            lines.storage = node.line
        }
        if let node = entries["tick_correlation_horizon"] {
            tickCorrelationHorizon = try node.duration(from: "1s", to: "1d")
        }
        if let node = entries["series_limit"] { seriesLimit = try node.integer(1...100_000_000) }
        if let node = entries["min_flowing_ratio"] { minimumFlowingRatio = try node.number(0...1) }
        try pairDefaults.read(entries)
        try readPairs(entries["pairs"])
        try ConfigurationRules(configuration: self, entries: entries).check()
    }

    /// The instruments of a venue that pairs name, in the order in which they are named.
    package func instruments(of venue: Venue) -> [Instrument] {
        var seen: Set<Instrument> = []
        return pairs.flatMap { [$0.y, $0.x] }.filter { $0.venue == venue && seen.insert($0).inserted }
    }

    /// The timeframes that any pair uses, ascending.
    package var timeframes: [Timeframe] {
        Set(pairs.flatMap(\.settings.timeframes)).sorted()
    }

    private mutating func readPairs(_ node: ConfigurationNode?) throws(ConfigurationError) {
        guard let node else {
            let venue = feeds[0].venue
            let symbols = (LiveVenues[venue] ?? LiveVenues.all[0]).examplePair
            let y = Instrument(venue: venue, symbol: symbols.y)
            let x = Instrument(venue: venue, symbol: symbols.x)
            pairs = [PairConfiguration(name: "", y: y, x: x, settings: pairDefaults, line: nil)]
            PairConfiguration.nameUnnamed(&pairs)
            return
        }
        for item in try node.list() {
            pairs.append(try PairConfiguration(item, defaults: pairDefaults))
        }
        if pairs.isEmpty { throw node.error("names no pair; give at least one with y and x") }
        PairConfiguration.nameUnnamed(&pairs)
    }
}
