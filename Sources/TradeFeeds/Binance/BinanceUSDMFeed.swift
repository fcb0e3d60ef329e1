public import Logging
public import MarketData

/// Trades of Binance USD-M futures from its combined WebSocket streams.
///
/// Since 2026-04-23 the paths are split by class of stream; the old path still acknowledges and then stays silent
/// (developers.binance.com, "Important WebSocket Change Notice").
public struct BinanceUSDMFeed: TradeFeed {
    /// The server that this feed connects to by default.
    public static let defaultWebSocketURL = "wss://fstream.binance.com"
    /// The server that this feed asks by default.
    public static let defaultRestURL = "https://fapi.binance.com"

    private let feed: LiveFeed<BinanceUSDMAdapter>

    /// A feed of all streams of ``Venue/binanceUSDM`` in a table.
    ///
    /// - Throws: ``FeedConfigurationError``.
    public init(
        stream: BinanceStream = .aggTrade,
        configuration: LiveFeedConfiguration = LiveFeedConfiguration(
            websocketURL: defaultWebSocketURL,
            restURL: defaultRestURL
        ),
        streams: StreamTable,
        logger: Logger
    ) throws(FeedConfigurationError) {
        let base = try WebSocketEndpoint(configuration.websocketURL)
        feed = try LiveFeed(
            adapter: BinanceUSDMAdapter(base: base, stream: stream),
            configuration: configuration,
            streams: streams,
            logger: logger
        )
    }

    /// ``Venue/binanceUSDM``.
    public var venue: Venue { feed.adapter.venue }

    /// What the feed has done so far.
    public var counters: FeedCounters { feed.counters }

    /// The venue's candles, of one minute and longer.
    public func candles(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar] {
        try await feed.candles(of: instrument, timeframe: timeframe, count: count)
    }

    /// Connects and stays connected until cancelled; see ``TradeFeed/run(resuming:missing:into:)``.
    public func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [MissingTrades],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await feed.run(resuming: positions, missing: missing, into: sink)
    }
}
