import Logging
import MarketData
import TradeFeeds
import VenueSimulator

/// Shared small inputs of several suites.
enum Fixtures {
    static let logger = {
        var logger = Logger(label: "tests")
        logger.logLevel = .critical
        return logger
    }()

    /// The streams of two symbols at Binance: BTCUSDT is 0, ETHUSDT is 1.
    static func table(_ stream: BinanceStream, symbols: [String] = ["BTCUSDT", "ETHUSDT"]) -> StreamTable {
        StreamTable(
            symbols.map {
                TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: $0), name: stream.rawValue)
            }
        )
    }

    /// Trades with ids from 1, alternating between two symbols, 10 ms apart from 2024-08-09T00:00:00Z.
    static func trades(_ count: Int, firstID: Int64 = 1) -> [RecordedTrade] {
        (0..<count).map { (index: Int) -> RecordedTrade in
            let step = Int64(index)
            return RecordedTrade(
                symbol: index % 2 == 0 ? "BTCUSDT" : "ETHUSDT",
                id: firstID + step / 2,
                time: Timestamp(microseconds: 1_723_161_600_000_000 + step * 10_000),
                price: FixedDecimal(mantissa: 6_180_030 + step % 7, scale: 2),
                quantity: FixedDecimal(mantissa: 1 + step % 5, scale: 3),
                buyerIsMaker: index % 3 == 0
            )
        }
    }

    static func feed(
        _ venue: VenueSimulator,
        stream: BinanceStream = .aggTrade,
        symbols: [String] = ["BTCUSDT", "ETHUSDT"],
        idleTimeout: Duration = .seconds(3600),
        connectionLifetime: Duration? = nil,
        trustRootsFile: String? = nil,
        logger: Logger = logger
    ) throws -> any TradeFeed {
        try feed(
            url: venue.webSocketURL,
            stream: stream,
            symbols: symbols,
            idleTimeout: idleTimeout,
            connectionLifetime: connectionLifetime,
            trustRootsFile: trustRootsFile,
            logger: logger
        )
    }

    static func feed(
        url: String,
        stream: BinanceStream = .aggTrade,
        symbols: [String] = ["BTCUSDT", "ETHUSDT"],
        idleTimeout: Duration = .seconds(3600),
        connectionLifetime: Duration? = nil,
        trustRootsFile: String? = nil,
        logger: Logger = logger
    ) throws -> any TradeFeed {
        try VenueDescriptor.binanceUSDM.feed(
            stream: stream.rawValue,
            configuration: LiveFeedConfiguration(
                websocketURL: url,
                restURL: url.replacing("ws", with: "http", maxReplacements: 1),
                idleTimeout: idleTimeout,
                connectsPerMinute: 100,
                connectionLifetime: connectionLifetime,
                trustRootsFile: trustRootsFile
            ),
            streams: table(stream, symbols: symbols),
            logger: logger
        )
    }
}
