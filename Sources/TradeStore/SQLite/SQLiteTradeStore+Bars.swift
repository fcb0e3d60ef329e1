import GRDB
import MarketData

/// Bars on disk of times whose trades retention has removed.
extension SQLiteTradeStore {
    /// The last bar with trades before a slot, of those built from trades: its slot and its close.
    func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        before slot: Int64
    ) async throws -> (slot: Int64, close: Double)? {
        try await tradedBar(of: instrument, timeframe: timeframe, slots: .min...(slot - 1), isLast: true)
    }

    /// The first bar with trades after a slot, of those built from trades: its slot and its close.
    func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        after slot: Int64
    ) async throws -> (slot: Int64, close: Double)? {
        try await tradedBar(of: instrument, timeframe: timeframe, slots: (slot + 1)...(.max), isLast: false)
    }

    /// The last slot of an instrument that has a bar built from trades.
    func lastBuiltSlot(of instrument: InstrumentID, timeframe: Timeframe) async throws -> Int64? {
        let number = numbers.instrument(instrument)
        return try await reading { db in try BarTable.lastBuiltSlot(number, timeframe: timeframe, in: db) }
    }

    /// The runs of slots, ascending, whose bars were built from trades but contain none: carried bars and gaps.
    func untradedSlots(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        in slots: ClosedRange<Int64>
    ) async throws -> [ClosedRange<Int64>] {
        let number = numbers.instrument(instrument)
        return try await reading { db in
            try BarTable.untradedSlots(number, timeframe: timeframe, in: slots, db)
        }
    }

    private func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>,
        isLast: Bool
    ) async throws -> (slot: Int64, close: Double)? {
        let number = numbers.instrument(instrument)
        return try await reading { db in
            try BarTable.nearestTraded(number, timeframe: timeframe, slots: slots, isLast: isLast, in: db)
        }
    }
}
