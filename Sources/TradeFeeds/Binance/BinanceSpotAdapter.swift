import MarketData

/// Binance spot (github.com/binance/binance-spot-api-docs, web-socket-streams.md and rest-api.md).
struct BinanceSpotAdapter: VenueAdapter {
    let base: WebSocketEndpoint
    let stream: BinanceStream

    var venue: Venue { .binanceSpot }

    /// The venue allows 1024; with fewer streams a lost connection interrupts fewer of them.
    var streamsPerConnection: Int { 200 }

    var connectionLifetime: Duration? { .seconds(86_400) }

    /// The venue allows five messages a second, pongs included.
    var messageInterval: Duration { .milliseconds(300) }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
        base.appending(path: "/stream", query: "streams=" + stream.names(of: streams).joined(separator: "/"))
    }

    var subscribesByMessage: Bool { false }

    func isUnknownInstrument(_ failure: RequestFailure) -> Bool { BinanceResponses.isUnknownSymbol(failure) }

    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        stream.message(request, streams)
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BinanceTradeDecoder {
        BinanceTradeDecoder(stream: stream, symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }

    var requestLimits: RequestLimits {
        RequestLimits(weightPerMinute: 6000, usedWeightHeader: "X-MBX-USED-WEIGHT-1M")
    }

    func serverTime() -> RESTRequest<Timestamp>? {
        RESTRequest(target: "/api/v3/time", weight: 1, read: BinanceResponses.serverTime)
    }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        page(of: stream, as: instrument, "limit=1")
    }

    /// Both kinds of trades of any age can be requested by id, without an API key.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        let first = max(ids.lowerBound, ids.upperBound - 999)
        return page(of: stream, as: instrument, "fromId=\(first)&limit=\(ids.upperBound - first + 1)")
    }

    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        let isSecond = timeframe.microseconds == 1_000_000
        guard let interval = isSecond ? "1s" : BinanceResponses.interval(of: timeframe), !slots.isEmpty else {
            return nil
        }
        let first = max(slots.lowerBound, slots.upperBound - 1000)
        let (start, end) = (timeframe.openTime(of: first), timeframe.openTime(of: slots.upperBound))
        return RESTRequest(
            target: "/api/v3/klines?symbol=\(instrument.escapedSymbol)&interval=\(interval)"
                + "&startTime=\(start.microseconds / 1000)&endTime=\(end.microseconds / 1000 - 1)"
                + "&limit=\(slots.upperBound - first)",
            weight: 2,
            read: BinanceResponses.candles
        )
    }

    private func page(of stream: TradeStream, as instrument: InstrumentID, _ page: String) -> RESTRequest<[Trade]> {
        let query = "symbol=\(stream.instrument.escapedSymbol)&\(page)"
        switch self.stream {
        case .aggTrade:
            return RESTRequest(target: "/api/v3/aggTrades?\(query)", weight: 4) {
                try BinanceResponses.aggregateTrades($0, as: instrument)
            }
        case .trade:
            return RESTRequest(target: "/api/v3/historicalTrades?\(query)", weight: 25) {
                try BinanceResponses.trades($0, as: instrument)
            }
        }
    }
}
