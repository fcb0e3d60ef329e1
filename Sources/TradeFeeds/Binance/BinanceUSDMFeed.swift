public import Logging
public import MarketData

/// Trades of Binance USD-M futures from its combined WebSocket streams.
///
/// Since 2026-04-23 the paths are split by class of stream; the old path still acknowledges and then stays silent
/// (developers.binance.com, "Important WebSocket Change Notice").
public struct BinanceUSDMFeed: TradeFeed {
    /// The server that this feed connects to by default.
    public static let defaultWebSocketURL = "wss://fstream.binance.com"

    private let feed: LiveFeed<BinanceUSDMAdapter>

    /// A feed of all streams of ``Venue/binanceUSDM`` in a table.
    ///
    /// - Throws: ``FeedConfigurationError``.
    public init(
        stream: BinanceStream = .aggTrade,
        configuration: LiveFeedConfiguration = LiveFeedConfiguration(websocketURL: defaultWebSocketURL),
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

    /// Connects and stays connected until cancelled; see ``TradeFeed/run(resuming:into:)``.
    public func run(
        resuming positions: [InstrumentID: StreamPosition],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await feed.run(into: sink)
    }
}

struct BinanceUSDMAdapter: VenueAdapter {
    let base: WebSocketEndpoint
    let stream: BinanceStream

    var venue: Venue { .binanceUSDM }

    /// The documentation's pages differ (200 or 1024); 200 holds on both.
    var streamsPerConnection: Int { 200 }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
        let path =
            switch stream {
            case .aggTrade: "/market/stream"
            case .trade: "/public/stream"
            }
        let names = streams.map { "\(WebSocketEndpoint.escaped($0.instrument.symbol.lowercased()))@\(stream.rawValue)" }
        return base.appending(path: path, query: "streams=" + names.joined(separator: "/"))
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BinanceTradeDecoder {
        BinanceTradeDecoder(stream: stream, symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }
}
