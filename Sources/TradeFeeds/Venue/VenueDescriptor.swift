package import Logging
package import MarketData

/// All that distinguishes a venue. Configuration, feeds, tests and fuzzing follow from it.
package struct VenueDescriptor: Sendable, CustomStringConvertible {
    /// The venue as part of instruments.
    package let venue: Venue
    /// The venue's own WebSocket server.
    package let websocketURL: String
    /// The venue's own REST server.
    package let restURL: String
    /// The names of the available streams, the default one first.
    package let streamNames: [String]
    /// Two symbols of the venue, ether and bitcoin in their most traded quote currency: the pair without configuration.
    package let examplePair: (y: String, x: String)
    /// The form of the venue's symbols.
    let symbolRule: SymbolRule
    /// The path suffixes that the feed adds to the address of the streams.
    let ownPaths: [String]
    /// Messages and responses in the venue's format, for tests and fuzzing.
    let samples: VenueSamples
    /// The venue's requests, limits and decoder, for a server and one of ``streamNames``.
    let makeAdapter: @Sendable (_ base: WebSocketEndpoint, _ stream: String) -> any VenueAdapter

    /// A descriptor from its parts.
    init(
        venue: Venue,
        websocketURL: String,
        restURL: String,
        streamNames: [String],
        examplePair: (y: String, x: String),
        symbolRule: SymbolRule,
        ownPaths: [String] = [],
        samples: VenueSamples,
        makeAdapter: @escaping @Sendable (_ base: WebSocketEndpoint, _ stream: String) -> any VenueAdapter
    ) {
        self.venue = venue
        self.websocketURL = websocketURL
        self.restURL = restURL
        self.streamNames = streamNames
        self.examplePair = examplePair
        self.symbolRule = symbolRule
        self.ownPaths = ownPaths
        self.samples = samples
        self.makeAdapter = makeAdapter
    }

    /// The venue's name.
    package var description: String { venue.rawValue }

    /// Why a text cannot be a symbol of this venue, and a correction; nil for a possible symbol.
    package func problem(ofSymbol symbol: String) -> String? {
        symbolRule.problem(symbol, examplePair.x)
    }

    /// Makes a feed of all streams of the venue in a table.
    ///
    /// - Parameters:
    ///   - stream: One of ``streamNames``.
    ///   - configuration: The addresses, limits and timeouts.
    ///   - streams: The streams of the run.
    ///   - logger: Receives the log lines of connections.
    /// - Returns: A feed that has not connected yet.
    /// - Throws: ``FeedConfigurationError``.
    package func feed(
        stream: String,
        configuration: LiveFeedConfiguration,
        streams: StreamTable,
        logger: Logger
    ) throws(FeedConfigurationError) -> any TradeFeed {
        let base = try WebSocketEndpoint(configuration.websocketURL)
        guard streamNames.contains(stream) else {
            throw .stream(stream, venue: venue.rawValue, known: streamNames)
        }
        func live(_ adapter: some VenueAdapter) throws(FeedConfigurationError) -> any TradeFeed {
            try LiveFeed(adapter: adapter, configuration: configuration, streams: streams, logger: logger)
        }
        return try live(makeAdapter(base, stream))
    }
}
