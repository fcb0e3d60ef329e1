import MarketData

/// OKX, API v5: the channel `trades-all`, which sends every fill with an id, while `trades` aggregates them.
///
/// Quantities of swaps are in contracts, as the venue sends them. (okx.com/docs-v5, "WS / All trades channel", "Get
/// trades history".)
struct OKXAdapter: VenueAdapter {
    let base: WebSocketEndpoint

    var venue: Venue { .okx }

    /// A request may have 64 KB; 200 subscriptions need less than half of that.
    var streamsPerConnection: Int { 200 }

    var connectionLifetime: Duration? { nil }

    /// The venue closes a connection on which nothing was sent for 30 s; it replies `pong`.
    var keepAlive: KeepAlive? { KeepAlive(text: "ping", interval: .seconds(20)) }

    /// The venue allows three requests a second and 480 subscriptions an hour.
    var messageInterval: Duration { .milliseconds(400) }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
        base.appending(path: "/ws/v5/business")
    }

    var subscribesByMessage: Bool { true }

    /// 51001: "Instrument ID doesn't exist."
    func isUnknownInstrument(_ failure: RequestFailure) -> Bool {
        if case .status(200, let errorText?) = failure { errorText.contains("(51001)") } else { false }
    }

    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        let arguments = streams.map { #"{"channel":"trades-all","instId":\#($0.instrument.symbol.jsonText)}"# }
        return #"{"op":"\#(request.rawValue)","args":[\#(arguments.joined(separator: ","))]}"#
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> OKXTradeDecoder {
        OKXTradeDecoder(symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }

    /// The venue allows twenty requests in two seconds, counted separately for history and candles.
    var requestLimits: RequestLimits {
        RequestLimits(weightPerMinute: 600, usedWeightHeader: nil, interval: .milliseconds(110))
    }

    func serverTime() -> RESTRequest<Timestamp>? {
        RESTRequest(target: "/api/v5/public/time", weight: 2, read: OKXResponses.serverTime)
    }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        RESTRequest(target: "/api/v5/market/trades?instId=\(stream.instrument.escapedSymbol)&limit=1", weight: 1) {
            try OKXResponses.trades($0, as: instrument)
        }
    }

    /// `after` requests trades older than an id, newest first; the history covers three months.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        let limit = min(ids.upperBound - ids.lowerBound + 1, 100)
        return RESTRequest(
            target: "/api/v5/market/history-trades?instId=\(stream.instrument.escapedSymbol)&type=1"
                + "&after=\(ids.upperBound + 1)&limit=\(limit)",
            weight: 1
        ) {
            try OKXResponses.trades($0, as: instrument)
        }
    }

    /// `after` and `before` are exclusive; a page holds 300 candles since August 2025, 100 before that.
    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        guard let bar = Self.bars[timeframe.microseconds / 1_000_000], !slots.isEmpty else { return nil }
        let slots = max(slots.lowerBound, slots.upperBound - 300)..<slots.upperBound
        let start = timeframe.openTime(of: slots.lowerBound).microseconds / 1000
        let end = timeframe.openTime(of: slots.upperBound).microseconds / 1000
        return RESTRequest(
            target: "/api/v5/market/history-candles?instId=\(instrument.escapedSymbol)&bar=\(bar)"
                + "&after=\(end)&before=\(start - 1)&limit=\(slots.count)",
            weight: 1,
            read: OKXResponses.candles
        )
    }

    /// The names of candles by their length in seconds; those of six hours and more are aligned to Hong Kong time
    /// without the suffix `utc`.
    private static let bars: [Int64: String] = [
        1: "1s", 60: "1m", 180: "3m", 300: "5m", 900: "15m", 1800: "30m", 3600: "1H", 7200: "2H", 14_400: "4H",
        21_600: "6Hutc", 43_200: "12Hutc", 86_400: "1Dutc",
    ]
}
