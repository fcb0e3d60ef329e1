import MarketData

/// What is particular to a venue; everything else about a live feed is ``LiveFeed``'s.
protocol VenueAdapter: Sendable {
    associatedtype Decoder: FrameDecoder

    /// The venue it speaks to.
    var venue: Venue { get }
    /// The most streams that one connection carries.
    var streamsPerConnection: Int { get }
    /// Where to connect for these streams.
    func endpoint(for streams: [TradeStream]) -> WebSocketEndpoint
    /// A decoder for the frames of a connection with these streams.
    func makeDecoder(for streams: [InstrumentID: TradeStream]) -> Decoder
}
