import MarketData

extension Instrument {
    /// The symbol as it may stand in the path or query of a URL.
    var escapedSymbol: String { WebSocketEndpoint.escaped(symbol) }
}
