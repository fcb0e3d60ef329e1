package import MarketData

extension MemoryTradeStore {
    /// The last bar with trades before a slot, of those built from trades.
    package func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        before slot: Int64
    ) async throws -> (slot: Int64, close: Double)? {
        try tradedBars(of: instrument, timeframe) { $0 < slot }.last
    }

    /// The first bar with trades after a slot, of those built from trades.
    package func tradedBar(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        after slot: Int64
    ) async throws -> (slot: Int64, close: Double)? {
        try tradedBars(of: instrument, timeframe) { $0 > slot }.first
    }

    private func tradedBars(
        of instrument: InstrumentID,
        _ timeframe: Timeframe,
        where isWanted: (Int64) -> Bool
    ) throws -> [(slot: Int64, close: Double)] {
        try open { tables, numbers in
            tables.bars(of: numbers.instruments[Int(instrument.index)], timeframe).compactMap { bar in
                guard bar.origin == .trades, bar.state == .traded, isWanted(bar.slot) else { return nil }
                return bar.prices.map { (bar.slot, $0.close) }
            }
        }
    }

    /// The last slot of an instrument that has a bar built from trades.
    package func lastBuiltSlot(of instrument: InstrumentID, timeframe: Timeframe) async throws -> Int64? {
        try open { tables, numbers in
            tables.bars(of: numbers.instruments[Int(instrument.index)], timeframe).last { $0.origin == .trades }?.slot
        }
    }

    /// The runs of slots whose bars were built from trades but contain none.
    package func untradedSlots(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        in slots: ClosedRange<Int64>
    ) async throws -> [ClosedRange<Int64>] {
        try open { tables, numbers in
            tables.bars(of: numbers.instruments[Int(instrument.index)], timeframe).elements(in: slots, by: \.slot)
                .filter(\.isUntraded).map { $0.slot...$0.slot }.joined
        }
    }

    /// Writes rebuilt bars, and removes carried bars and gaps from slots for which no bar was built.
    package func replaceBars(
        _ bars: [RebuiltBar],
        clearing slots: [(timeframe: Timeframe, slots: ClosedRange<Int64>)],
        of instrument: InstrumentID
    ) async throws {
        try open { tables, numbers in
            for rebuilt in bars {
                let number = numbers.instruments[Int(rebuilt.bar.instrument.index)]
                let stored = tables.bars(of: number, rebuilt.bar.timeframe).element(rebuilt.bar.slot, by: \.slot)
                if let stored, let prices = stored.prices,
                    !rebuilt.replaces(stored.state, origin: stored.origin, trades: prices.trades)
                {
                    continue
                }
                tables.put(rebuilt.bar, of: number)
                tables.invalidate(number, changed: [rebuilt.bar])
            }
            let number = numbers.instruments[Int(instrument.index)]
            for (timeframe, slots) in slots {
                let key = MemoryTables.BarKey(instrument: number, timeframe: timeframe)
                let removed = tables.bars[key]?.removeCounted { slots.contains($0.slot) && $0.isUntraded } ?? 0
                guard removed > 0 else { continue }
                let start = timeframe.openTime(of: slots.lowerBound)
                tables.invalidate(number) { $0.slot(of: start) }
            }
        }
    }

    /// Writes bars that were not built from trades; stored bars that were built from trades and have a value stay.
    package func addBars(_ bars: [Bar]) async throws -> [Bar] {
        try open { tables, numbers in
            let written = bars.filter { bar in
                let number = numbers.instruments[Int(bar.instrument.index)]
                let stored = tables.bars(of: number, bar.timeframe).element(bar.slot, by: \.slot)
                if let stored, stored.origin == .trades, stored.prices != nil { return false }
                tables.put(bar, of: number)
                return true
            }
            for (instrument, bars) in Dictionary(grouping: written, by: \.instrument) {
                tables.invalidate(numbers.instruments[Int(instrument.index)], changed: bars)
            }
            return written
        }
    }
}

extension Bar {
    /// Whether it was built from trades but contains none.
    fileprivate var isUntraded: Bool { origin == .trades && state != .traded }
}
