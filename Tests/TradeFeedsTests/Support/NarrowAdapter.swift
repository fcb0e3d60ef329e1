import MarketData

@testable import TradeFeeds

/// Binance's futures with other limits for a connection.
struct NarrowAdapter: VenueAdapter {
    let documented: BinanceUSDMAdapter
    let streamsPerConnection: Int

    init(url: String, streamsPerConnection: Int) throws {
        documented = BinanceUSDMAdapter(base: try WebSocketEndpoint(url), stream: .aggTrade)
        self.streamsPerConnection = streamsPerConnection
    }

    var venue: Venue { documented.venue }
    var connectionLifetime: Duration? { documented.connectionLifetime }
    var messageInterval: Duration { .milliseconds(10) }
    var subscribesByMessage: Bool { documented.subscribesByMessage }
    var requestLimits: RequestLimits { documented.requestLimits }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint { documented.endpoint(for: streams) }

    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        documented.message(request, streams)
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BinanceTradeDecoder {
        documented.makeDecoder(for: streams)
    }

    func serverTime() -> RESTRequest<Timestamp>? { documented.serverTime() }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        documented.latestTrades(of: stream, as: instrument)
    }

    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        documented.trades(of: stream, as: instrument, ids: ids)
    }

    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        documented.candles(of: instrument, timeframe: timeframe, slots: slots)
    }
}
