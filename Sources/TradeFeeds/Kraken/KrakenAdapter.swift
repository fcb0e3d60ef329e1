import MarketData

/// Kraken spot: the channel `trade` of WebSocket v2, and REST (docs.kraken.com, "Spot WebSocket v2 / Trades", "Get
/// Recent Trades", "Get OHLC Data").
///
/// The ids of a pair are consecutive. REST finds trades by time, not by id.
struct KrakenAdapter: VenueAdapter {
    let base: WebSocketEndpoint

    var venue: Venue { .kraken }

    /// The venue documents no limit of streams.
    var streamsPerConnection: Int { 200 }

    var connectionLifetime: Duration? { nil }

    /// The venue closes a connection without messages of the client after about a minute.
    var keepAlive: KeepAlive? { KeepAlive(text: #"{"method":"ping"}"#, interval: .seconds(20)) }

    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint {
        base.appending(path: "/v2")
    }

    var subscribesByMessage: Bool { true }

    func isUnknownInstrument(_ failure: RequestFailure) -> Bool {
        if case .status(200, let errorText?) = failure { errorText.contains("Unknown asset pair") } else { false }
    }

    /// Without the snapshot of the last fifty trades: the ids show which trades are missing, and those alone are
    /// requested.
    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        let symbols = streams.map(\.instrument.symbol.jsonText).joined(separator: ",")
        let snapshot = request == .subscribe ? #","snapshot":false"# : ""
        return #"{"method":"\#(request.rawValue)","params":{"channel":"trade","symbol":[\#(symbols)]\#(snapshot)}}"#
    }

    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> KrakenTradeDecoder {
        KrakenTradeDecoder(symbols: streams.map { ($0.value.instrument.symbol, $0.key) })
    }

    /// The venue allows about one request a second.
    var requestLimits: RequestLimits {
        RequestLimits(weightPerMinute: 60, usedWeightHeader: nil, interval: .milliseconds(1000))
    }

    func serverTime() -> RESTRequest<Timestamp>? {
        RESTRequest(target: "/0/public/Time", weight: 1, read: KrakenResponses.serverTime)
    }

    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>? {
        request(Self.pair(stream.instrument), "&count=1", as: instrument)
    }

    /// The newest thousand trades.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>? {
        request(Self.pair(stream.instrument), "&count=1000", as: instrument)
    }

    /// `since` is in nanoseconds and excluded; the oldest thousand trades after it are returned.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>,
        since: Timestamp
    ) -> RESTRequest<[Trade]>? {
        let (nanoseconds, isTooLarge) = (max(1, since.microseconds) - 1).multipliedReportingOverflow(by: 1000)
        guard !isTooLarge else { return trades(of: stream, as: instrument, ids: ids) }
        return request(Self.pair(stream.instrument), "&since=\(nanoseconds)&count=1000", as: instrument)
    }

    private func request(_ pair: String, _ range: String, as instrument: InstrumentID) -> RESTRequest<[Trade]> {
        RESTRequest(target: "/0/public/Trades?pair=\(pair)\(range)", weight: 1) {
            try KrakenResponses.trades($0, as: instrument)
        }
    }

    /// A response holds the last 720 candles at most, whatever `since` is, which is in seconds and excluded.
    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>? {
        let seconds = timeframe.microseconds / 1_000_000
        guard Self.intervals.contains(seconds), !slots.isEmpty else { return nil }
        let slots = max(slots.lowerBound, slots.upperBound - 720)..<slots.upperBound
        return RESTRequest(
            target: "/0/public/OHLC?pair=\(Self.pair(instrument))&interval=\(seconds / 60)"
                + "&since=\(max(0, slots.lowerBound * seconds - 1))",
            weight: 1
        ) {
            let candles = try KrakenResponses.candles($0)
            return candles.filter { slots.contains(timeframe.slot(of: $0.openTime)) }
        }
    }

    /// The lengths of candles in seconds.
    private static let intervals: Set<Int64> = [60, 300, 900, 1800, 3600, 14_400, 86_400]

    /// The name of a pair in REST requests: without the slash, and with the venue's old codes of two assets.
    private static func pair(_ instrument: Instrument) -> String {
        let parts = instrument.symbol.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.map { oldCodes[String($0)] ?? String($0) }.joined()
        return Instrument(venue: instrument.venue, symbol: name).escapedSymbol
    }

    private static let oldCodes = ["BTC": "XBT", "DOGE": "XDG"]
}
