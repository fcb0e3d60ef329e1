import GRDB
import MarketData

/// The rows of `raw_bar`.
enum BarTable {
    /// Inserts or replaces bars, and notes how their timeframes are written.
    static func put(_ bars: [Bar], numbers: StreamNumbers, in db: Database) throws {
        for timeframe in Set(bars.map(\.timeframe)) {
            try db.execute(
                sql: """
                    INSERT INTO timeframe (microseconds, label) VALUES (?, ?)
                    ON CONFLICT (microseconds) DO UPDATE SET label = excluded.label WHERE label <> excluded.label
                    """,
                arguments: [timeframe.microseconds, timeframe.label]
            )
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO raw_bar
                    (instrument_id, timeframe_us, slot, state, origin, open, high, low, close, volume, trades)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        for bar in bars {
            try statement.execute(arguments: [
                numbers.instrument(bar.instrument), bar.timeframe.microseconds, bar.slot,
                bar.state.storedCode, bar.origin.storedCode,
                bar.prices?.open, bar.prices?.high, bar.prices?.low, bar.prices?.close, bar.prices?.volume,
                bar.prices?.trades,
            ])
        }
    }

    /// An instrument's bars from a slot on, by ascending slot.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        from slot: Int64,
        in db: Database
    ) throws -> [Bar] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT slot, state, origin, open, high, low, close, volume, trades FROM raw_bar
                WHERE instrument_id = ? AND timeframe_us = ? AND slot >= ? ORDER BY slot
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [number, timeframe.microseconds, slot])
        var bars: [Bar] = []
        while let row = try rows.next() {
            bars.append(bar(row, instrument: instrument, timeframe: timeframe))
        }
        return bars
    }

    /// The greatest slot that has a bar.
    static func lastSlot(number: Int64, timeframe: Timeframe, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: "SELECT max(slot) FROM raw_bar WHERE instrument_id = ? AND timeframe_us = ?",
            arguments: [number, timeframe.microseconds]
        )
    }

    /// The bars of the last `count` slots, the last slot being that of the newest bar.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        last count: Int,
        in db: Database
    ) throws -> [Bar] {
        guard count > 0, let last = try lastSlot(number: number, timeframe: timeframe, in: db) else { return [] }
        let (first, overflow) = last.subtractingReportingOverflow(Int64(count - 1))
        return try bars(instrument, number: number, timeframe: timeframe, from: overflow ? .min : first, in: db)
    }

    private static func bar(_ row: Row, instrument: InstrumentID, timeframe: Timeframe) -> Bar {
        let state: Int = row[1]
        let origin: Int = row[2]
        var prices: BarPrices?
        if let open: Double = row[3], let high: Double = row[4], let low: Double = row[5], let close: Double = row[6],
            let volume: Double = row[7], let trades: Int = row[8]
        {
            prices = BarPrices(open: open, high: high, low: low, close: close, volume: volume, trades: trades)
        }
        return Bar(
            instrument: instrument,
            timeframe: timeframe,
            slot: row[0],
            state: prices == nil ? .gap : BarState.allCases.first { $0.storedCode == state } ?? .gap,
            origin: BarOrigin.allCases.first { $0.storedCode == origin } ?? .trades,
            prices: prices
        )
    }
}

// The view `bar` spells these out.

extension BarState {
    fileprivate var storedCode: Int {
        switch self {
        case .traded: 0
        case .carried: 1
        case .gap: 2
        }
    }
}

extension BarOrigin {
    fileprivate var storedCode: Int {
        switch self {
        case .trades: 0
        case .klines: 1
        }
    }
}
