public import MarketData
public import TradeFeeds
public import TradeStore

/// What an import needs to know besides the files.
public struct ImportSettings: Sendable {
    /// The database.
    public var path: String
    /// What a commit survives.
    public var synchronous: SynchronousMode
    /// What files of trades do not say.
    public var naming: TradeFileNaming
    /// The length of the bars in files of bars that do not say it.
    public var timeframe: Timeframe?
    /// The bars that are built from trades.
    public var timeframes: [Timeframe]
    /// Bars without a trade that carry the last close.
    public var carryLimit: Int

    /// Settings that follow a configuration.
    /// - Parameters:
    ///   - configuration: says which bars to build, and where the venue is not told, its only feed does.
    ///   - path: the database, in place of the configuration's.
    public init(
        _ configuration: Configuration,
        path: String?,
        naming: TradeFileNaming,
        timeframe: Timeframe?
    ) {
        self.path = path ?? configuration.storage.path
        synchronous = configuration.storage.synchronous
        self.naming = naming
        if configuration.feeds.count == 1 { self.naming.standardVenue = configuration.feeds[0].venue }
        self.timeframe = timeframe
        timeframes = configuration.timeframes
        carryLimit = configuration.bars.carryLimit
    }
}
