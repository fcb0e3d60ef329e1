package import MarketData
package import SimulatedMarket
import TradeFeeds
package import TradeFiles

/// One source of trades; durations in microseconds.
package struct FeedConfiguration: Sendable, Hashable {
    /// The venue of the trades.
    package internal(set) var venue: Venue
    /// The URL of the venue's WebSocket, nil for the venue's own.
    package internal(set) var websocketURL: String?
    /// The URL of the venue's REST interface, nil for the venue's own.
    package internal(set) var restURL: String?
    /// Which of the venue's streams is followed, one per instrument; empty where the source has only one.
    package internal(set) var stream: String
    /// How long a connection may deliver no data before it is replaced.
    package internal(set) var idleTimeout: Int64 = 30_000_000
    /// How many connections may be opened within a minute.
    package internal(set) var connectsPerMinute = 10
    /// How far back missing trades are requested; older ids become a recorded gap.
    package internal(set) var repairHorizon: Int64 = 3_600_000_000
    /// The time after which a connection is replaced, nil for a little less than the venue's own limit. No key sets it.
    var connectionLifetime: Int64?
    /// The file of a replay.
    package internal(set) var replayPath = ""
    /// How fast a file is replayed.
    package internal(set) var replaySpeed = ReplaySpeed.max
    /// The market of a simulation.
    package internal(set) var simulated = SimulatedMarketConfiguration()

    /// Venues that have a feed.
    static let venues: [Venue] = LiveVenues.all.map(\.venue) + [.simulated, .replay]

    init(venue: Venue) {
        self.venue = venue
        stream = LiveVenues[venue]?.streamNames.first ?? ""
    }

    static func list(_ node: ConfigurationNode) throws(ConfigurationError) -> [FeedConfiguration] {
        var feeds: [FeedConfiguration] = []
        for item in try node.list() {
            let feed = try FeedConfiguration(item)
            if feeds.contains(where: { $0.venue == feed.venue }) {
                throw item.error("venue \(feed.venue) is configured twice; an instrument has one stream")
            }
            feeds.append(feed)
        }
        if feeds.isEmpty { throw node.error("names no feed; give at least one with a venue") }
        return feeds
    }

    private init(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping([
            "venue", "websocket_url", "rest_url", "stream", "idle_timeout", "connects_per_minute", "repair_horizon",
            "replay", "simulated",
        ])
        guard let venueNode = entries["venue"] else { throw node.error("venue is missing") }
        self.init(venue: Venue(rawValue: try venueNode.string()))
        guard Self.venues.contains(venue) else {
            let names = Self.venues.map(\.rawValue).joined(separator: ", ")
            throw venueNode.error("no feed for venue \"\(venue)\"; there are feeds for \(names)")
        }
        if let node = entries["websocket_url"] {
            websocketURL = try url(node) { venue, text throws(FeedConfigurationError) in
                try venue.check(websocketURL: text)
            }
        }
        if let node = entries["rest_url"] {
            restURL = try url(node) { venue, text throws(FeedConfigurationError) in
                try venue.check(restURL: text)
            }
        }
        if let node = entries["stream"] { stream = try Self.stream(node, of: venue) }
        if let node = entries["idle_timeout"] { idleTimeout = try node.duration(from: "1s", to: "1h") }
        if let node = entries["connects_per_minute"] { connectsPerMinute = try node.integer(1...300) }
        if let node = entries["repair_horizon"] { repairHorizon = try node.duration(from: "0s", to: "2d") }
        try readSource(node, entries)
    }

    private mutating func readSource(
        _ node: ConfigurationNode,
        _ entries: [String: ConfigurationNode]
    ) throws(ConfigurationError) {
        if let replay = entries["replay"] {
            guard venue == .replay else { throw replay.error("only venue replay has it") }
            let entries = try replay.mapping(["path", "speed"])
            if let node = entries["path"] { replayPath = try node.string() }
            if let node = entries["speed"] { replaySpeed = try Self.speed(node) }
        }
        if venue == .replay, replayPath.isEmpty {
            throw (entries["replay"] ?? node).error("replay.path is missing; name a file of frames or trades")
        }
        if let market = entries["simulated"] {
            guard venue == .simulated else { throw market.error("only venue simulated has it") }
            simulated = try SimulatedMarketConfiguration(market)
        }
    }

    private static func stream(_ node: ConfigurationNode, of venue: Venue) throws(ConfigurationError) -> String {
        let name = try node.string()
        guard let live = LiveVenues[venue] else { throw node.error("venue \(venue) has one stream, which has no name") }
        guard live.streamNames.contains(name) else {
            throw node.error("must be \(live.streamNames.joined(separator: " or ")) at \(venue), found \"\(name)\"")
        }
        return name
    }

    private static func speed(_ node: ConfigurationNode) throws(ConfigurationError) -> ReplaySpeed {
        let text = try node.string()
        guard let speed = ReplaySpeed(text) else {
            throw node.error("must be max or a number above 0, such as 1 or 10, found \"\(text)\"")
        }
        return speed
    }

    private func url(
        _ node: ConfigurationNode,
        check: (VenueDescriptor, String) throws(FeedConfigurationError) -> Void
    ) throws(ConfigurationError) -> String {
        let text = try node.string()
        guard let live = LiveVenues[venue] else { throw node.error("venue \(venue) has no server; leave it out") }
        do {
            try check(live, text)
        } catch {
            throw node.error("\(error)")
        }
        return text
    }
}
