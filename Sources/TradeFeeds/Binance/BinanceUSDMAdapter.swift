import MarketData

/// Binance USD-M futures (developers.binance.com, "USDS-Margined Futures").
struct BinanceUSDMAdapter: VenueAdapter {
    let base: WebSocketEndpoint
    let stream: BinanceStream

    var venue: Venue { .binanceUSDM }

    /// The pages of the documentation differ (200 or 1024); 200 is within both limits.
    var streamsPerConnection: Int { 200 }

    var connectionLifetime: Duration? { .seconds(86_400) }

    /// The venue allows ten messages a second.
    var messageInterval: Duration { .milliseconds(200) }

    /// Since 2026-04-23 each class of stream has its own path; the old path acknowledges a subscription but sends no
    /// trades ("Important WebSocket Change Notice").
    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
        let path =
            switch stream {
            case .aggTrade: "/market/stream"
            case .trade: "/public/stream"
            }
        return base.appending(path: path, query: "streams=" + stream.names(of: streams).joined(separator: "/"))
    }

    var subscribesByMessage: Bool { false }

    func isUnknownInstrument(_ failure: RequestFailure) -> Bool { BinanceResponses.isUnknownSymbol(failure) }

    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        stream.message(request, streams)
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BinanceTradeDecoder {
        BinanceTradeDecoder(stream: stream, symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }

    /// USD-M and COIN-M share this limit.
    var requestLimits: RequestLimits {
        RequestLimits(weightPerMinute: 2400, usedWeightHeader: "X-MBX-USED-WEIGHT-1M")
    }

    func serverTime() -> RESTRequest<Timestamp>? {
        RESTRequest(target: "/fapi/v1/time", weight: 1, read: BinanceResponses.serverTime)
    }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        switch self.stream {
        case .aggTrade: aggregateTrades(of: stream, as: instrument, "limit=1")
        case .trade: recentTrades(of: stream, as: instrument, limit: 1)
        }
    }

    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        switch self.stream {
        case .aggTrade:
            let first = max(ids.lowerBound, ids.upperBound - 999)
            return aggregateTrades(of: stream, as: instrument, "fromId=\(first)&limit=\(ids.upperBound - first + 1)")
        case .trade:
            return recentTrades(of: stream, as: instrument, limit: 1000)
        }
    }

    /// Single trades by id need `/historicalTrades` and with it an API key; without a key only the last 1,000 are
    /// available.
    func findsTradesByID(of stream: TradeStream) -> Bool { self.stream == .aggTrade }

    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        guard let interval = BinanceResponses.interval(of: timeframe), !slots.isEmpty else { return nil }
        let first = max(slots.lowerBound, slots.upperBound - 1500)
        let (start, end) = (timeframe.openTime(of: first), timeframe.openTime(of: slots.upperBound))
        let count = slots.upperBound - first
        return RESTRequest(
            target: "/fapi/v1/klines?symbol=\(instrument.escapedSymbol)"
                + "&interval=\(interval)&startTime=\(start.microseconds / 1000)"
                + "&endTime=\(end.microseconds / 1000 - 1)&limit=\(count)",
            weight: count < 100 ? 1 : count < 500 ? 2 : count <= 1000 ? 5 : 10,
            read: BinanceResponses.candles
        )
    }

    private func aggregateTrades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        _ page: String
    ) -> RESTRequest<[Trade]> {
        RESTRequest(target: "/fapi/v1/aggTrades?symbol=\(stream.instrument.escapedSymbol)&\(page)", weight: 20) {
            try BinanceResponses.aggregateTrades($0, as: instrument)
        }
    }

    private func recentTrades(of stream: TradeStream, as instrument: InstrumentID, limit: Int) -> RESTRequest<[Trade]> {
        RESTRequest(target: "/fapi/v1/trades?symbol=\(stream.instrument.escapedSymbol)&limit=\(limit)", weight: 5) {
            try BinanceResponses.trades($0, as: instrument)
        }
    }
}
