import MarketData

/// What is particular to a venue: its streams, its messages, and its questions over REST.
///
/// Everything else about a live feed is ``LiveFeed``'s: connections, reconnects and their overlap, the watch over silent
/// streams, the repair of missing ids within the venue's limits, and the clock. An adapter only names things and reads
/// them; it holds no state and does no I/O.
protocol VenueAdapter: Sendable {
    associatedtype Decoder: FrameDecoder

    /// The venue it speaks to.
    var venue: Venue { get }

    // The WebSocket.

    /// The most streams that one connection carries.
    var streamsPerConnection: Int { get }
    /// How old a connection may become at the venue, nil where it may live for ever. It is replaced well before.
    var connectionLifetime: Duration? { get }
    /// What the client must say from time to time beside WebSocket pings, nil where nothing.
    var keepAlive: KeepAlive? { get }
    /// The least time between two messages of one connection.
    var messageInterval: Duration { get }
    /// Where to connect for these streams.
    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint
    /// Whether streams have to be asked for once connected; otherwise the endpoint names them.
    var subscribesByMessage: Bool { get }
    /// The message that asks for streams or ends them on an open connection.
    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String
    /// Whether one stream that is refused makes the venue refuse all that were asked for by the same message.
    var refusesWholeRequests: Bool { get }
    /// Whether the venue says by a failed request that it has no such instrument.
    func isUnknownInstrument(_ failure: RequestFailure) -> Bool
    /// A decoder for the frames of a connection with these streams.
    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> Decoder

    // REST; a nil query means that the venue has no such thing.

    /// What the venue allows within a minute.
    var requestLimits: RequestLimits { get }
    /// The present time of the venue.
    func serverTime() -> RESTRequest<Timestamp>?
    /// The newest trades of a stream, at least the very last one.
    func latestTrades(of stream: TradeStream, as instrument: InstrumentID) -> RESTRequest<[Trade]>?
    /// A page of trades that holds as many as fit of the *newest* of these ids; it may hold others too, in any order.
    ///
    /// Ids are asked for from the newest back, so that windows fill where it matters most.
    func trades(
        of stream: TradeStream,
        as instrument: InstrumentID,
        ids: ClosedRange<Int64>
    ) -> RESTRequest<[Trade]>?
    /// Whether ``trades(of:as:ids:)`` finds ids of any age, or only what is among the newest.
    func findsTradesByID(of stream: TradeStream) -> Bool
    /// Closed candles of these slots, oldest first, at most one page with the newest of them; nil for a timeframe that the
    /// venue does not have.
    func candles(of instrument: Instrument, timeframe: Timeframe, slots: Range<Int64>) -> RESTRequest<[Candle]>?
}

extension VenueAdapter {
    var keepAlive: KeepAlive? { nil }
    var refusesWholeRequests: Bool { false }
    func isUnknownInstrument(_ failure: RequestFailure) -> Bool { false }
    var messageInterval: Duration { .milliseconds(250) }
    func findsTradesByID(of stream: TradeStream) -> Bool { true }

    /// What must be said first on a connection for these streams.
    func subscription(to streams: [TradeStream]) -> [String] {
        subscribesByMessage ? [message(.subscribe, streams)] : []
    }

    /// What ends these streams and asks for them again.
    func renewal(of streams: [TradeStream]) -> [String] {
        [message(.unsubscribe, streams), message(.subscribe, streams)]
    }
}
