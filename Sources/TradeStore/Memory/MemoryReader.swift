import MarketData
import Synchronization

/// Reads the rows of a store in memory.
struct MemoryReader: StoreReader {
    private static let rowsPerRead = 20_000

    let database: MemoryDatabase
    let path = StoreLocation.memoryPath

    func instruments() async throws -> [Instrument] {
        reading { $0.sortedInstruments }
    }

    func streams() async throws -> [TradeStream] {
        reading { tables in
            tables.streams.map { TradeStream(instrument: tables.instruments[$0.instrument], name: $0.name) }
                .sorted { ($0.instrument.order + [$0.name]).lexicographicallyPrecedes($1.instrument.order + [$1.name]) }
        }
    }

    func timeframes(of instrument: Instrument) async throws -> [Timeframe] {
        try database.tables.withLock { tables in
            try tables.timeframes(of: number(of: instrument, in: tables))
        }
    }

    func slots(of instrument: Instrument, timeframe: Timeframe) async throws -> ClosedRange<Int64>? {
        reading { tables in
            guard let bars = tables.number(of: instrument).map({ tables.bars(of: $0, timeframe) }),
                let first = bars.first?.slot, let last = bars.last?.slot
            else { return nil }
            return first...last
        }
    }

    func bars(
        of instrument: Instrument,
        timeframe: Timeframe,
        last count: Int,
        through slot: Int64
    ) async throws -> [Bar] {
        try database.tables.withLock { tables in
            let number = try number(of: instrument, in: tables)
            let position = tables.sortedInstruments.firstIndex(of: instrument) ?? 0
            let bars = tables.bars(of: number, timeframe, last: count, through: slot)
            if bars.isEmpty, count > 0 {
                let stored = tables.timeframes(of: number)
                throw StoreError.noBars(path: path, instrument: instrument, timeframe: timeframe, stored: stored)
            }
            return bars.map { $0.of(InstrumentID(position)) }
        }
    }

    func bars(of instrument: Instrument, timeframe: Timeframe, slots: ClosedRange<Int64>) async throws -> [Bar] {
        reading { tables in
            guard let number = tables.number(of: instrument) else { return [] }
            return tables.bars(of: number, timeframe).elements(in: slots, by: \.slot).map { $0.of(InstrumentID(0)) }
        }
    }

    func firstSlot(of instrument: Instrument, timeframe: Timeframe, from slot: Int64) async throws -> Int64? {
        reading { tables in
            tables.number(of: instrument).flatMap { number in
                tables.bars(of: number, timeframe).elements(in: slot...(.max), by: \.slot).first?.slot
            }
        }
    }

    func trades(
        of stream: TradeStream,
        from start: Timestamp,
        through end: Timestamp,
        _ body: ([Trade]) async throws -> Void
    ) async throws {
        guard start <= end else { return }
        let trades = reading { tables in
            tables.number(of: stream).map { tables.streams[$0].trades.filter { (start...end).contains($0.time) } } ?? []
        }
        try await pass(trades, body)
    }

    func sortedTrades(
        of instrument: Instrument,
        from start: Timestamp,
        through end: Timestamp,
        _ body: ([Trade]) async throws -> Void
    ) async throws {
        guard start <= end else { return }
        let trades = reading { tables in
            tables.number(of: instrument).map { number in
                tables.sorted(tables.sources(of: number, in: start...end), times: start...end)
            } ?? []
        }
        try await pass(trades, body)
    }

    /// Calls `body` with trades in batches.
    private func pass(_ trades: [Trade], _ body: ([Trade]) async throws -> Void) async throws {
        var rest = trades[...]
        while !rest.isEmpty {
            try await body(rest.prefix(Self.rowsPerRead).map { $0.of(InstrumentID(0)) })
            rest = rest.dropFirst(Self.rowsPerRead)
        }
    }

    private func number(of instrument: Instrument, in tables: MemoryTables) throws -> Int {
        guard let number = tables.number(of: instrument) else {
            throw StoreError.unknownInstrument(path: path, instrument: instrument, known: tables.sortedInstruments)
        }
        return number
    }

    private func reading<Value: Sendable>(_ body: (MemoryTables) -> Value) -> Value {
        database.tables.withLock { body($0) }
    }
}

extension MemoryTables {
    fileprivate var sortedInstruments: [Instrument] {
        instruments.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    /// The lengths of an instrument's bars, ascending.
    fileprivate func timeframes(of instrument: Int) -> [Timeframe] {
        bars.filter { $0.key.instrument == instrument && !$0.value.isEmpty }.map(\.key.timeframe).sorted()
    }
}

extension Instrument {
    fileprivate var order: [String] { [venue.rawValue, symbol] }
}
