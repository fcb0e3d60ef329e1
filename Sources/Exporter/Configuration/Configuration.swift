public import MarketData
import TradeFeeds

/// Everything that a configuration file says, defaults filled in.
public struct Configuration: Sendable {
    /// Where trades come from, one entry per venue.
    public internal(set) var feeds: [FeedConfiguration] = [FeedConfiguration(venue: .binanceUSDM)]
    /// How bars are built and pairs aligned.
    public internal(set) var bars = BarsConfiguration()
    /// Where trades and bars are kept.
    public internal(set) var storage = StorageConfiguration()
    /// What holds for every pair that does not say otherwise.
    public internal(set) var pairDefaults = PairSettings()
    /// The horizon of the tick correlation in microseconds.
    public internal(set) var tickCorrelationHorizon: Int64 = 900_000_000
    /// How many series one exposition may have.
    public internal(set) var seriesLimit = 100_000
    /// The pairs to watch.
    public internal(set) var pairs: [PairConfiguration] = []

    static let keys = [
        "feeds", "bars", "storage", "timeframes", "windows", "price", "hedge_ratios", "tick_correlation_horizon",
        "tests", "signals", "alerts", "series_limit", "pairs",
    ]

    /// The configuration of a program started without a file.
    public static func standard() throws(ConfigurationError) -> Configuration {
        try Configuration(yaml: "", file: "configuration")
    }

    /// Reads a YAML document; an empty one is the standard configuration.
    /// - Parameters:
    ///   - yaml: the document.
    ///   - file: its name, for messages.
    /// - Throws: ``ConfigurationError`` for an unknown key, a wrong type, a value out of range, or settings that
    ///   contradict each other.
    public init(yaml: String, file: String) throws(ConfigurationError) {
        let document = try ConfigurationNode.document(yaml, file: file)
        let root = document.flatMap { $0.isNull ? nil : $0 }
        let entries = try root?.mapping(Self.keys) ?? [:]
        if let node = entries["feeds"] {
            feeds = try FeedConfiguration.list(node)
        }
        if let node = entries["bars"] { try bars.read(node) }
        if let node = entries["storage"] { try storage.read(node) }
        if let node = entries["tick_correlation_horizon"] {
            tickCorrelationHorizon = try node.duration(from: "1s", to: "1d")
        }
        if let node = entries["series_limit"] { seriesLimit = try node.integer(1...100_000_000) }
        try pairDefaults.read(entries)
        try readPairs(entries["pairs"])
        try ConfigurationRules(configuration: self, file: file, entries: entries).check()
    }

    /// The instruments of a venue that pairs name, in the order in which they are named.
    public func instruments(of venue: Venue) -> [Instrument] {
        var seen: Set<Instrument> = []
        return pairs.flatMap { [$0.y, $0.x] }.filter { $0.venue == venue && seen.insert($0).inserted }
    }

    /// The timeframes that any pair uses, ascending.
    public var timeframes: [Timeframe] {
        Set(pairs.flatMap(\.settings.timeframes)).sorted()
    }

    private mutating func readPairs(_ node: ConfigurationNode?) throws(ConfigurationError) {
        guard let node else {
            let venue = feeds[0].venue
            let symbols = (LiveVenue(venue) ?? .binanceUSDM).etherAndBitcoin
            let y = Instrument(venue: venue, symbol: symbols.ether)
            let x = Instrument(venue: venue, symbol: symbols.bitcoin)
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
