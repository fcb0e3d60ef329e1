package import MarketData

/// Reads the bars of the run's instruments.
package protocol BarReader: Sendable {
    /// The instrument's bars of a range of slots, by ascending slot. Slots without a bar are left out.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, slots: ClosedRange<Int64>) async throws -> [Bar]

    /// The instrument's bars of the last `count` slots that end at the newest stored bar, by ascending slot.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar]
}
