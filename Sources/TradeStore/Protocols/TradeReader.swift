package import MarketData

/// Reads the trades of the run's streams.
package protocol TradeReader: Sendable {
    /// The trade with the greatest id of the stream, or nil when there is none.
    func lastTrade(of instrument: InstrumentID) async throws -> Trade?

    /// The stream's trades from a time on, by ascending id.
    ///
    /// Ids are nearly in the order of time, so a store need not read every trade: it may search backwards from the
    /// greatest id until 1,000 consecutive trades are too old.
    func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade]
}
