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

    /// Whether the slot of a bar is taken by one of this origin that has a value.
    static func hasValue(_ bar: Bar, _ origin: BarOrigin, numbers: StreamNumbers, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*) FROM raw_bar
                WHERE instrument_id = ? AND timeframe_us = ? AND slot = ? AND origin = ? AND close IS NOT NULL
                """
        )
        let count = try Int.fetchOne(
            statement,
            arguments: [
                numbers.instrument(bar.instrument), bar.timeframe.microseconds, bar.slot, origin.storedCode,
            ]
        )
        return count ?? 0 > 0
    }

    /// An instrument's bars from a slot on, by ascending slot.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        from slot: Int64,
        in db: Database
    ) throws -> [Bar] {
        try bars(instrument, number: number, timeframe: timeframe, slots: slot...Int64.max, in: db)
    }

    /// An instrument's bars of a range of slots, by ascending slot.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>,
        in db: Database
    ) throws -> [Bar] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT slot, state, origin, open, high, low, close, volume, trades FROM raw_bar
                WHERE instrument_id = ? AND timeframe_us = ? AND slot BETWEEN ? AND ? ORDER BY slot
                """
        )
        let rows = try Row.fetchCursor(
            statement,
            arguments: [number, timeframe.microseconds, slots.lowerBound, slots.upperBound]
        )
        var bars: [Bar] = []
        while let row = try rows.next() {
            bars.append(bar(row, instrument: instrument, timeframe: timeframe))
        }
        return bars
    }

    /// The greatest slot that has a bar, up to one.
    static func lastSlot(
        number: Int64,
        timeframe: Timeframe,
        through slot: Int64 = .max,
        in db: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: "SELECT max(slot) FROM raw_bar WHERE instrument_id = ? AND timeframe_us = ? AND slot <= ?",
            arguments: [number, timeframe.microseconds, slot]
        )
    }

    /// The bars of the last `count` slots, the last slot being that of the newest bar up to one.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        last count: Int,
        through slot: Int64 = .max,
        in db: Database
    ) throws -> [Bar] {
        guard count > 0, let last = try lastSlot(number: number, timeframe: timeframe, through: slot, in: db) else {
            return []
        }
        let (first, overflow) = last.subtractingReportingOverflow(Int64(count - 1))
        let slots = (overflow ? .min : first)...last
        return try bars(instrument, number: number, timeframe: timeframe, slots: slots, in: db)
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
