package import MarketData

/// Reads the states of readings that an earlier run has written.
package protocol ReadingStateReader: Sendable {
    /// The stored states of a pair's readings at a timeframe, of all windows and settings, by window.
    ///
    /// A state is written with its last bar or later, so a crash at any time leaves no state that includes a bar which
    /// is not stored. An import removes the states that include a bar that it wrote. A late trade that revises a bar
    /// does not, because decisions made with the earlier bar stay.
    func readingStates(of y: InstrumentID, _ x: InstrumentID, timeframe: Timeframe) async throws -> [ReadingState]
}
