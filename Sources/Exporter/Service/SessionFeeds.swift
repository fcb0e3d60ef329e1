import Logging
import MarketData
import TradeFeeds

/// The feeds of a configuration and the numbers of their streams. To make them asks no venue and opens no database.
struct SessionFeeds: Sendable {
    /// In the order of the configuration.
    let feeds: [any TradeFeed]
    /// The streams of all feeds.
    let streams: StreamTable
    /// The positions of each feed's streams in the table.
    let ranges: [Range<Int>]

    /// - Throws: why a source cannot be used, such as a file that is not there.
    init(_ configuration: Configuration, logger: Logger) throws(StartError) {
        do {
            let plans = try configuration.feeds.map { feed throws(ConfigurationError) in
                try Self.plan(feed, of: configuration)
            }
            let streams = StreamTable(plans.flatMap(\.streams))
            feeds = try zip(configuration.feeds, plans).map { feed, plan in
                var logger = logger
                logger[metadataKey: "venue"] = "\(feed.venue)"
                return try plan.feed(streams: streams, logger: logger)
            }
            self.streams = streams
            ranges = Self.ranges(of: plans.map(\.streams.count))
        } catch {
            throw StartError(error)
        }
    }

    private static func plan(
        _ feed: FeedConfiguration,
        of configuration: Configuration
    ) throws(ConfigurationError) -> FeedPlan {
        let plan: FeedPlan
        do {
            plan = try FeedPlan(feed, instruments: configuration.instruments(of: feed.venue))
        } catch {
            throw configuration.error(feed.venue, "\(error)")
        }
        if let symbols = plan.symbols {
            try configuration.check(symbols, of: feed.venue, in: feed.replayPath, refused: plan.refused)
        }
        return plan
    }

    private static func ranges(of counts: [Int]) -> [Range<Int>] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return start..<(start + count)
        }
    }
}
