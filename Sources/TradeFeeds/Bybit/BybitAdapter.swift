import MarketData

/// Bybit, API v5: the topic `publicTrade` of linear perpetuals and futures (bybit-exchange.github.io/docs/v5,
/// "Websocket Stream / Trade", "Connect", "Get Recent Public Trades", "Get Kline").
///
/// The id of a trade is a UUID, and `seq` counts the events of many instruments: neither shows whether a trade is
/// missing. So the trades are numbered in the order of arrival; see ``ArrivalNumbering``.
struct BybitAdapter: VenueAdapter {
    let base: WebSocketEndpoint

    var venue: Venue { .bybit }

    /// The arguments of one connection may have 21,000 characters; 200 topics need less than half of that.
    var streamsPerConnection: Int { 200 }

    var connectionLifetime: Duration? { nil }

    /// The venue recommends a ping every 20 s and closes a connection without messages after ten minutes.
    var keepAlive: KeepAlive? { KeepAlive(text: #"{"op":"ping"}"#, interval: .seconds(20)) }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
        base.appending(path: "/v5/public/linear")
    }

    var subscribesByMessage: Bool { true }

    var refusesCompleteRequests: Bool { true }

    var hasConsecutiveIDs: Bool { false }

    /// 10001: "Not supported symbols", "params error: symbol invalid".
    func isUnknownInstrument(_ failure: RequestFailure) -> Bool {
        if case .status(200, let errorText?) = failure { errorText.contains("(10001)") } else { false }
    }

    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        let topics = streams.map { "publicTrade.\($0.instrument.symbol)".jsonText }
        return #"{"op":"\#(request.rawValue)","args":[\#(topics.joined(separator: ","))]}"#
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> BybitTradeDecoder {
        BybitTradeDecoder(symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }

    /// The venue allows 600 requests in five seconds, and blocks an address for ten minutes beyond that.
    var requestLimits: RequestLimits {
        RequestLimits(weightPerMinute: 600, usedWeightHeader: nil, interval: .milliseconds(110))
    }

    func serverTime() -> RESTRequest<Timestamp>? {
        RESTRequest(target: "/v5/market/time", weight: 1, read: BybitResponses.serverTime)
    }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        RESTRequest(
            target: "/v5/market/recent-trade?category=linear&symbol=\(stream.instrument.escapedSymbol)&limit=1",
            weight: 1
        ) {
            try BybitResponses.trades($0, as: instrument)
        }
    }

    /// The venue returns only the newest trades, and no number by which missing ones could be requested.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        nil
    }

    /// `start` and `end` are in milliseconds and both included; a page holds 1,000 candles.
    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        guard let interval = Self.intervals[timeframe.microseconds / 1_000_000], !slots.isEmpty else { return nil }
        let slots = max(slots.lowerBound, slots.upperBound - 1000)..<slots.upperBound
        let start = timeframe.openTime(of: slots.lowerBound).microseconds / 1000
        let end = timeframe.openTime(of: slots.upperBound - 1).microseconds / 1000
        return RESTRequest(
            target: "/v5/market/kline?category=linear&symbol=\(instrument.escapedSymbol)&interval=\(interval)"
                + "&start=\(start)&end=\(end)&limit=\(slots.count)",
            weight: 1
        ) {
            let candles = try BybitResponses.candles($0)
            return candles.filter { slots.contains(timeframe.slot(of: $0.openTime)) }
        }
    }

    /// The names of candles by their length in seconds.
    private static let intervals: [Int64: String] = [
        60: "1", 180: "3", 300: "5", 900: "15", 1800: "30", 3600: "60", 7200: "120", 14_400: "240", 21_600: "360",
        43_200: "720", 86_400: "D",
    ]
}
