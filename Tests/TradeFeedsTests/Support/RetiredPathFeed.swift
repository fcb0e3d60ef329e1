import Logging
import MarketData

@testable import TradeFeeds

/// A feed that connects to a path on which the venue sends nothing.
struct RetiredPathFeed: TradeFeed {
    private struct Adapter: VenueAdapter {
        let base: WebSocketEndpoint
        let path: String
        let streamsPerConnection = 200
        private var documented: BinanceUSDMAdapter { BinanceUSDMAdapter(base: base, stream: .aggTrade) }

        var venue: Venue { documented.venue }
        var connectionLifetime: Duration? { nil }
        var requestLimits: RequestLimits { documented.requestLimits }

        init(base: WebSocketEndpoint, path: String) {
            self.base = base
            self.path = path
        }

        func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
            let names = streams.map { "\($0.instrument.symbol.lowercased())@\($0.name)" }
            return base.appending(path: path, query: "streams=" + names.joined(separator: "/"))
        }

        let subscribesByMessage = false
        func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
            documented.message(request, streams)
        }

        func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BinanceTradeDecoder {
            documented.makeDecoder(for: streams)
        }

        func serverTime() -> RESTRequest<Timestamp>? { nil }
        func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? { nil }
        func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
            nil
        }

        func trades(
            of stream: TradeStream,
            as instrument: InstrumentID,
            ids: ClosedRange<Int64>
        ) -> RESTRequest<[Trade]>? { nil }
    }

    private let feed: LiveFeed<Adapter>

    init(url: String, path: String, idleTimeout: Duration) throws {
        feed = try LiveFeed(
            adapter: Adapter(base: WebSocketEndpoint(url), path: path),
            configuration: LiveFeedConfiguration(
                websocketURL: url,
                restURL: url,
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
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await feed.run(resuming: positions, missing: missing, into: sink)
    }
}
