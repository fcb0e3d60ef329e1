import Logging
import MarketData
import TradeFeeds

/// The feeds of a configuration and the numbers of their streams. Making them needs no venue and no database.
struct SessionFeeds: Sendable {
    /// In the order of the configuration.
    let feeds: [any TradeFeed]
    /// The streams of all feeds.
    let streams: StreamTable
    /// The instruments of each feed, in the order in which pairs name them.
    let instruments: [[InstrumentID]]

    /// - Parameter streams: those of the program so far; the feeds' own are added.
    /// - Throws: why a source cannot be used, such as a file that is not there.
    init(_ configuration: Configuration, streams: StreamTable = StreamTable(), logger: Logger) throws(StartError) {
        do {
            let plans = try configuration.feeds.map { feed throws(ConfigurationError) in
                try Self.plan(feed, of: configuration)
            }
            instruments = plans.map { plan in plan.streams.map { streams.add($0) } }
            feeds = try zip(configuration.feeds, plans).map { feed, plan in
                var logger = logger
                logger[metadataKey: "venue"] = "\(feed.venue)"
                return try plan.feed(streams: streams, logger: logger)
            }
            self.streams = streams
        } catch {
            throw StartError(error)
        }
    }

    /// The streams that each feed of a configuration follows.
    /// - Throws: as the initializer does.
    static func streams(of configuration: Configuration) throws(StartError) -> [[TradeStream]] {
        do {
            return try configuration.feeds.map { feed throws(ConfigurationError) in
                try plan(feed, of: configuration).streams
            }
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
}
