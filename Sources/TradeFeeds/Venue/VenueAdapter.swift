import MarketData

/// The particulars of a venue: its streams, its messages and its REST requests.
///
/// ``LiveFeed`` does everything else: connections, reconnects and their overlap, checks of silent streams, the repair
/// of missing ids within the venue's limits, and the clock. An adapter only builds requests and decodes responses; it
/// holds no state and does no I/O.
protocol VenueAdapter: Sendable {
    associatedtype Decoder: FrameDecoder

    /// The venue.
    var venue: Venue { get }

    /// The greatest number of streams of one connection.
    var streamsPerConnection: Int { get }
    /// The venue's maximum age of a connection, nil where there is none. The feed replaces a connection before that
    /// age.
    var connectionLifetime: Duration? { get }
    /// The message that the venue requires at intervals, nil where there is none.
    var keepAlive: KeepAlive? { get }
    /// The minimum time between two messages on one connection.
    var messageInterval: Duration { get }
    /// The endpoint for a connection with these streams.
    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint
    /// Whether streams must be subscribed by messages after the handshake; otherwise the endpoint names them.
    var subscribesByMessage: Bool { get }
    /// The message that subscribes to streams or unsubscribes from them on an open connection.
    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String
    /// Whether the venue refuses all streams of a message when it refuses one of them.
    var refusesCompleteRequests: Bool { get }
    /// Whether a failed request shows that the venue has no such instrument.
    func isUnknownInstrument(_ failure: RequestFailure) -> Bool
    /// Whether the ids of a stream have no gaps, so that a jump proves that trades are missing. Otherwise an id only
    /// orders the trades, several may share one, and the completeness of the stream cannot be proven.
    var hasConsecutiveIDs: Bool { get }
    /// A decoder for the frames of a connection with these streams.
    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> Decoder

    /// The limits of the venue's REST interface.
    var requestLimits: RequestLimits { get }
    /// The request for the present time of the venue; nil where the venue has none.
    func serverTime() -> RESTRequest<Timestamp>?
    /// The request for the newest trades of a stream, at least the last one; nil where the venue has none.
    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>?
    /// The request for a page of trades with the *newest* of these ids, as many as fit; nil where the venue has none.
    /// The page may contain other trades, in any order.
    ///
    /// Ids are requested from the newest back, because the newest part of a window matters most.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>?
    /// The same for a venue that finds trades by time: a page that begins with the trades at `since`, the time of the
    /// last trade known before these ids or a later time from which trades are requested.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>,
        since: Timestamp
    ) -> RESTRequest<[Trade]>?
    /// Whether ``trades(of:as:ids:)`` finds ids of any age, or only those among the newest trades.
    func findsTradesByID(of stream: TradeStream) -> Bool
    /// The request for the closed candles of these slots, oldest first, at most one page with the newest of them; nil
    /// for a timeframe that the venue does not have.
    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>?
}

extension VenueAdapter {
    var keepAlive: KeepAlive? { nil }
    var refusesCompleteRequests: Bool { false }
    var hasConsecutiveIDs: Bool { true }
    func isUnknownInstrument(_ failure: RequestFailure) -> Bool { false }
    var messageInterval: Duration { .milliseconds(250) }
    func findsTradesByID(of stream: TradeStream) -> Bool { true }

    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>,
        since: Timestamp
    ) -> RESTRequest<[Trade]>? {
        trades(of: stream, as: instrument, ids: ids)
    }

    /// The first messages on a connection for these streams.
    func subscription(to streams: [TradeStream]) -> [String] {
        subscribesByMessage ? [message(.subscribe, streams)] : []
    }

    /// The messages that unsubscribe from these streams and subscribe to them again.
    func renewal(of streams: [TradeStream]) -> [String] {
        [message(.unsubscribe, streams), message(.subscribe, streams)]
    }
}
