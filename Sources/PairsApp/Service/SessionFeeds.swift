import Logging
import MarketData
import TradeFeeds

/// One feed of a session.
struct SessionFeed: Sendable {
    let settings: FeedConfiguration
    let feed: any TradeFeed
    /// What it follows, in the order in which pairs name them.
    var instruments: [InstrumentID]
}

/// The feeds of a configuration and the numbers of their streams. Making them needs no venue and no database.
struct SessionFeeds: Sendable {
    /// In the order of the configuration.
    let feeds: [SessionFeed]
    /// The streams of all feeds.
    let streams: StreamTable

    /// - Parameter streams: those of the program so far; the feeds' own are added.
    /// - Throws: why a source cannot be used, such as a file that is not there.
    init(_ configuration: Configuration, streams: StreamTable = StreamTable(), logger: Logger) throws(StartError) {
        do {
            let plans = try configuration.feeds.map { feed throws(ConfigurationError) in
                try Self.plan(feed, of: configuration)
            }
            // A feed is made with all streams numbered.
            let instruments = plans.map { plan in plan.streams.map { streams.add($0) } }
            feeds = try configuration.feeds.indices.map { index in
                let settings = configuration.feeds[index]
                var logger = logger
                logger[metadataKey: "venue"] = "\(settings.venue)"
                return SessionFeed(
                    settings: settings,
                    feed: try plans[index].feed(streams: streams, logger: logger),
                    instruments: instruments[index]
                )
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
