package import Logging
package import MarketData

/// A venue that a live feed can follow.
package enum LiveVenue: String, Sendable, CaseIterable {
    /// Binance USD-M futures.
    case binanceUSDM = "binance-usdm"
    /// Binance spot.
    case binanceSpot = "binance-spot"
    /// OKX, mainly its perpetual swaps.
    case okx
    /// Coinbase Exchange.
    case coinbase
    /// Bybit, its linear perpetuals and futures.
    case bybit
    /// Kraken spot.
    case kraken

    /// The live venue for a venue, or nil where there is no live feed for it.
    package init?(_ venue: Venue) {
        self.init(rawValue: venue.rawValue)
    }

    /// The venue as part of instruments.
    package var venue: Venue { Venue(rawValue: rawValue) }

    /// The venue's own WebSocket server.
    package var websocketURL: String {
        switch self {
        case .binanceUSDM: "wss://fstream.binance.com"
        case .binanceSpot: "wss://stream.binance.com:9443"
        case .okx: "wss://ws.okx.com:8443"
        case .coinbase: "wss://ws-feed.exchange.coinbase.com"
        case .bybit: "wss://stream.bybit.com"
        case .kraken: "wss://ws.kraken.com"
        }
    }

    /// The venue's own REST server.
    package var restURL: String {
        switch self {
        case .binanceUSDM: "https://fapi.binance.com"
        case .binanceSpot: "https://api.binance.com"
        case .okx: "https://www.okx.com"
        case .coinbase: "https://api.exchange.coinbase.com"
        case .bybit: "https://api.bybit.com"
        case .kraken: "https://api.kraken.com"
        }
    }

    /// The names of the available streams, the default one first.
    package var streamNames: [String] {
        switch self {
        case .binanceUSDM, .binanceSpot: BinanceStream.allCases.map(\.rawValue)
        case .okx: ["trades-all"]
        case .coinbase: ["matches"]
        case .bybit: ["publicTrade"]
        case .kraken: ["trade"]
        }
    }

    /// The venue's symbols of ether and bitcoin in its most traded quote currency.
    package var etherAndBitcoin: (ether: String, bitcoin: String) {
        switch self {
        case .binanceUSDM, .binanceSpot, .bybit: ("ETHUSDT", "BTCUSDT")
        case .okx: ("ETH-USDT-SWAP", "BTC-USDT-SWAP")
        case .coinbase: ("ETH-USD", "BTC-USD")
        case .kraken: ("ETH/USD", "BTC/USD")
        }
    }

    /// Makes a feed of all streams of the venue in a table.
    ///
    /// - Parameters:
    ///   - stream: One of ``streamNames``.
    ///   - configuration: The addresses, limits and timeouts.
    ///   - streams: The streams of the run.
    ///   - logger: Receives the log lines of connections.
    /// - Returns: A feed that has not connected yet.
    /// - Throws: ``FeedConfigurationError``.
    package func feed(
        stream: String,
        configuration: LiveFeedConfiguration,
        streams: StreamTable,
        logger: Logger
    ) throws(FeedConfigurationError) -> any TradeFeed {
        let base = try WebSocketEndpoint(configuration.websocketURL)
        func live(_ adapter: some VenueAdapter) throws(FeedConfigurationError) -> any TradeFeed {
            try LiveFeed(adapter: adapter, configuration: configuration, streams: streams, logger: logger)
        }
        guard streamNames.contains(stream) else {
            throw .stream(stream, venue: rawValue, known: streamNames)
        }
        let kind = BinanceStream(rawValue: stream) ?? .aggTrade
        switch self {
        case .binanceUSDM: return try live(BinanceUSDMAdapter(base: base, stream: kind))
        case .binanceSpot: return try live(BinanceSpotAdapter(base: base, stream: kind))
        case .okx: return try live(OKXAdapter(base: base))
        case .coinbase: return try live(CoinbaseAdapter(base: base))
        case .bybit: return try live(BybitAdapter(base: base))
        case .kraken: return try live(KrakenAdapter(base: base))
        }
    }
}
