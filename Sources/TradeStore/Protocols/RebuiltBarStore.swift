package import MarketData

/// Writes bars that were built again from stored trades, and bars of files. Bars whose trades retention has removed stay.
package protocol RebuiltBarStore: Sendable {
    /// The last bar with trades before a slot, of those built from trades: its slot and its close.
    func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        before slot: Int64
    ) async throws -> (slot: Int64, close: Double)?

    /// The first bar with trades after a slot, of those built from trades: its slot and its close.
    func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        after slot: Int64
    ) async throws -> (slot: Int64, close: Double)?

    /// The last slot of an instrument that has a bar built from trades.
    func lastBuiltSlot(of instrument: InstrumentID, timeframe: Timeframe) async throws -> Int64?

    /// The runs of slots, ascending, whose bars were built from trades but contain none: carried bars and gaps.
    func untradedSlots(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        in slots: ClosedRange<Int64>
    ) async throws -> [ClosedRange<Int64>]

    /// Writes bars rebuilt from stored trades where ``RebuiltBar/replaces(_:origin:trades:)`` permits it, and removes
    /// carried bars and gaps from slots for which no bar was built. States of readings that include one of them are
    /// removed.
    /// - Parameter slots: the slots for which no bar was built.
    func replaceBars(
        _ bars: [RebuiltBar],
        clearing slots: [(timeframe: Timeframe, slots: ClosedRange<Int64>)],
        of instrument: InstrumentID
    ) async throws

    /// Writes bars that were not built from trades; stored bars that were built from trades and have a value stay.
    /// States of readings that include one of the written bars are removed.
    /// - Returns: the bars that were written.
    func addBars(_ bars: [Bar]) async throws -> [Bar]
}

/// A bar rebuilt from stored trades.
package struct RebuiltBar: Hashable, Sendable {
    /// The bar.
    package var bar: Bar
    /// The number of stored trades in its slot, also where it is a gap.
    package var trades: Int

    /// A bar from its parts.
    package init(_ bar: Bar, trades: Int) {
        self.bar = bar
        self.trades = trades
    }

    /// Whether it replaces a stored bar that has a value. Two kinds of bar stay: one of more trades, some of which
    /// retention has removed, and, where the rebuilt bar is a gap, one of the venue.
    func replaces(_ state: BarState?, origin: BarOrigin, trades: Int) -> Bool {
        if origin == .klines { return bar.prices != nil }
        return state != .traded || trades <= self.trades
    }
}
