import MarketData

/// Coinbase Exchange: the channel `matches`, and `heartbeat`, which contains the last id of each product every second
/// (docs.cdp.coinbase.com, "Exchange WebSocket Channels", "Get product trades").
struct CoinbaseAdapter: VenueAdapter {
    let base: WebSocketEndpoint

    var venue: Venue { .coinbase }

    /// The venue documents no limit; it disconnects a client that reads too slowly.
    var streamsPerConnection: Int { 100 }

    var connectionLifetime: Duration? { nil }

    /// The venue allows eight requests a second.
    var messageInterval: Duration { .milliseconds(150) }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint { base }

    /// The venue disconnects a client that has not subscribed within 5 s.
    var subscribesByMessage: Bool { true }

    var refusesCompleteRequests: Bool { true }

    func isUnknownInstrument(_ failure: RequestFailure) -> Bool {
        if case .status(404, _) = failure { true } else { false }
    }

    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        let products = streams.map(\.instrument.symbol.jsonText).joined(separator: ",")
        return #"{"type":"\#(request.rawValue)","product_ids":[\#(products)],"channels":["matches","heartbeat"]}"#
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> CoinbaseTradeDecoder {
        CoinbaseTradeDecoder(symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }

    /// The venue allows ten requests a second.
    var requestLimits: RequestLimits {
        RequestLimits(weightPerMinute: 600, usedWeightHeader: nil, interval: .milliseconds(110))
    }

    func serverTime() -> RESTRequest<Timestamp>? {
        RESTRequest(target: "/time", weight: 1, read: CoinbaseResponses.serverTime)
    }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        RESTRequest(target: "/products/\(stream.instrument.escapedSymbol)/trades?limit=1", weight: 1) {
            try CoinbaseResponses.trades($0, as: instrument)
        }
    }

    /// `after` requests trades older than an id, newest first. (`before` would return the newest trades, not those next
    /// to the id.)
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        let limit = min(ids.upperBound - ids.lowerBound + 1, 1000)
        return RESTRequest(
            target: "/products/\(stream.instrument.escapedSymbol)/trades?after=\(ids.upperBound + 1)&limit=\(limit)",
            weight: 1
        ) {
            try CoinbaseResponses.trades($0, as: instrument)
        }
    }

    /// A response holds at most 300 candles; `start` and `end` are in seconds and both included.
    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        let seconds = timeframe.microseconds / 1_000_000
        guard Self.granularities.contains(seconds), !slots.isEmpty else { return nil }
        let slots = max(slots.lowerBound, slots.upperBound - 300)..<slots.upperBound
        return RESTRequest(
            target: "/products/\(instrument.escapedSymbol)/candles?granularity=\(seconds)"
                + "&start=\(slots.lowerBound * seconds)&end=\((slots.upperBound - 1) * seconds)",
            weight: 1
        ) {
            let candles = try CoinbaseResponses.candles($0)
            return candles.filter { slots.contains(timeframe.slot(of: $0.openTime)) }
        }
    }

    /// The lengths of candles in seconds.
    private static let granularities: Set<Int64> = [60, 300, 900, 3600, 21_600, 86_400]
}
