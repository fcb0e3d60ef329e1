import MarketData

extension Instrument {
    /// The symbol escaped for the path or query of a URL.
    var escapedSymbol: String { WebSocketEndpoint.escaped(symbol) }
}
