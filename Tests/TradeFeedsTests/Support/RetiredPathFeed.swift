import Logging
import MarketData

@testable import TradeFeeds

/// A feed that connects where the venue no longer sends anything.
struct RetiredPathFeed: TradeFeed {
    private struct Adapter: VenueAdapter {
        let base: WebSocketEndpoint
        let path: String
        let venue = Venue.binanceUSDM
        let streamsPerConnection = 200

        func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
            let names = streams.map { "\($0.instrument.symbol.lowercased())@\($0.name)" }
            return base.appending(path: path, query: "streams=" + names.joined(separator: "/"))
        }

        func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BinanceTradeDecoder {
            BinanceTradeDecoder(stream: .aggTrade, symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
        }
    }

    private let feed: LiveFeed<Adapter>

    init(url: String, path: String, idleTimeout: Duration) throws {
        feed = try LiveFeed(
            adapter: Adapter(base: WebSocketEndpoint(url), path: path),
            configuration: LiveFeedConfiguration(
                websocketURL: url,
                idleTimeout: idleTimeout,
                connectsPerMinute: 100
            ),
            streams: Fixtures.table(.aggTrade),
            logger: Fixtures.logger
        )
    }

    var venue: Venue { feed.adapter.venue }
    var counters: FeedCounters { feed.counters }

    func run(
        resuming positions: [InstrumentID: StreamPosition],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await feed.run(into: sink)
    }
}
