import GRDB
import GRDBSQLite
import MarketData

/// The rows of `raw_bar`.
enum BarTable {
    /// Inserts or replaces bars, and stores the labels of their timeframes.
    static func put(_ bars: [Bar], numbers: RowIDs, in db: Database) throws {
        _ = try write(bars, sql: "INSERT OR REPLACE" + insertion, numbers: numbers, in: db)
    }

    /// Inserts or replaces bars, except those on disk that were built from trades and have a value.
    /// - Returns: the bars that were written.
    static func add(_ bars: [Bar], numbers: RowIDs, in db: Database) throws -> [Bar] {
        try write(bars, sql: "INSERT" + insertion + keepingTrades, numbers: numbers, in: db)
    }

    private static let insertion = """
         INTO raw_bar
            (instrument_id, timeframe_us, slot, state, origin, open, high, low, close, volume, trades)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private static let keepingTrades = """
         ON CONFLICT (instrument_id, timeframe_us, slot) DO UPDATE SET
            state = excluded.state, origin = excluded.origin, open = excluded.open, high = excluded.high,
            low = excluded.low, close = excluded.close, volume = excluded.volume, trades = excluded.trades
        WHERE origin <> 0 OR close IS NULL
        """

    /// Runs a statement for each bar through the C interface: GRDB's binding of arguments costs more than the insert.
    private static func write(_ bars: [Bar], sql: String, numbers: RowIDs, in db: Database) throws -> [Bar] {
        for timeframe in Set(bars.map(\.timeframe)) {
            try db.execute(
                sql: """
                    INSERT INTO timeframe (microseconds, label) VALUES (?, ?)
                    ON CONFLICT (microseconds) DO UPDATE SET label = excluded.label WHERE label <> excluded.label
                    """,
                arguments: [timeframe.microseconds, timeframe.label]
            )
        }
        let statement = try db.cachedStatement(sql: sql)
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        var written: [Bar] = []
        written.reserveCapacity(bars.count)
        for bar in bars {
            sqlite3_bind_int64(handle, 1, numbers.instrument(bar.instrument))
            sqlite3_bind_int64(handle, 2, bar.timeframe.microseconds)
            sqlite3_bind_int64(handle, 3, bar.slot)
            sqlite3_bind_int64(handle, 4, Int64(bar.state.storedCode))
            sqlite3_bind_int64(handle, 5, Int64(bar.origin.storedCode))
            if let prices = bar.prices {
                sqlite3_bind_double(handle, 6, prices.open)
                sqlite3_bind_double(handle, 7, prices.high)
                sqlite3_bind_double(handle, 8, prices.low)
                sqlite3_bind_double(handle, 9, prices.close)
                sqlite3_bind_double(handle, 10, prices.volume)
                sqlite3_bind_int64(handle, 11, Int64(prices.trades))
            } else {
                for parameter in Int32(6)...11 { sqlite3_bind_null(handle, parameter) }
            }
            guard sqlite3_step(handle) == SQLITE_DONE else { throw TradeTable.lastError(of: db) }
            if sqlite3_changes(db.sqliteConnection) > 0 { written.append(bar) }
            sqlite3_reset(handle)
        }
        return written
    }

    /// Whether a rebuilt bar replaces the bar that its slot has; see ``RebuiltBar/replaces(_:origin:trades:)``.
    static func isReplaced(by rebuilt: RebuiltBar, numbers: RowIDs, in db: Database) throws -> Bool {
        let bar = rebuilt.bar
        let statement = try db.cachedStatement(
            sql: """
                SELECT state, origin, trades FROM raw_bar
                WHERE instrument_id = ? AND timeframe_us = ? AND slot = ? AND close IS NOT NULL
                """
        )
        let row = try Row.fetchOne(
            statement,
            arguments: [numbers.instrument(bar.instrument), bar.timeframe.microseconds, bar.slot]
        )
        guard let row else { return true }
        return rebuilt.replaces(
            BarState.allCases.first { $0.storedCode == row[0] },
            origin: row[1] == BarOrigin.klines.storedCode ? .klines : .trades,
            trades: row[2] ?? 0
        )
    }

    /// The runs of slots, ascending, whose bars were built from trades but contain none.
    static func untradedSlots(
        _ instrument: Int64,
        timeframe: Timeframe,
        in slots: ClosedRange<Int64>,
        _ db: Database
    ) throws -> [ClosedRange<Int64>] {
        let cursor = try Int64.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT slot FROM raw_bar
                    WHERE instrument_id = ? AND timeframe_us = ? AND slot BETWEEN ? AND ? AND origin = ? AND state <> ?
                    ORDER BY slot
                    """
            ),
            arguments: [
                instrument, timeframe.microseconds, slots.lowerBound, slots.upperBound,
                BarOrigin.trades.storedCode, BarState.traded.storedCode,
            ]
        )
        var runs: [ClosedRange<Int64>] = []
        while let slot = try cursor.next() {
            if let last = runs.last, last.upperBound == slot - 1 {
                runs[runs.count - 1] = last.lowerBound...slot
            } else {
                runs.append(slot...slot)
            }
        }
        return runs
    }

    /// Removes the bars of a range of slots that were built from trades but contain none: carried bars and gaps.
    /// - Returns: the number of removed bars.
    static func removeUntraded(
        _ instrument: Int64,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>,
        in db: Database
    ) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM raw_bar
                WHERE instrument_id = ? AND timeframe_us = ? AND slot BETWEEN ? AND ? AND origin = ? AND state <> ?
                """,
            arguments: [
                instrument, timeframe.microseconds, slots.lowerBound, slots.upperBound,
                BarOrigin.trades.storedCode, BarState.traded.storedCode,
            ]
        )
        return db.changesCount
    }

    /// The traded bar nearest to one end of a range of slots (the last when `isLast`, otherwise the first): its slot
    /// and its close. Nil when there is none.
    static func nearestTraded(
        _ instrument: Int64,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>,
        isLast: Bool,
        in db: Database
    ) throws -> (slot: Int64, close: Double)? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT slot, close FROM raw_bar
                WHERE instrument_id = ? AND timeframe_us = ? AND slot BETWEEN ? AND ? AND origin = ? AND state = ?
                ORDER BY slot \(isLast ? "DESC" : "ASC") LIMIT 1
                """,
            arguments: [
                instrument, timeframe.microseconds, slots.lowerBound, slots.upperBound,
                BarOrigin.trades.storedCode, BarState.traded.storedCode,
            ]
        )
        guard let row, let close: Double = row[1] else { return nil }
        return (row[0], close)
    }

    /// The last slot that has a bar built from trades; nil when there is none.
    static func lastBuiltSlot(_ instrument: Int64, timeframe: Timeframe, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT slot FROM raw_bar WHERE instrument_id = ? AND timeframe_us = ? AND origin = ?
                ORDER BY slot DESC LIMIT 1
                """,
            arguments: [instrument, timeframe.microseconds, BarOrigin.trades.storedCode]
        )
    }

    /// The slots of bars whose times are valid.
    private static func validSlots(_ timeframe: Timeframe) -> ClosedRange<Int64> {
        let times = Timestamp.valid
        return timeframe.slot(of: times.lowerBound)...timeframe.slot(of: times.upperBound)
    }

    /// Records bars of an instrument whose times are out of range.
    static func recordDamage(number: Int64, timeframe: Timeframe, _ damage: DamagedRows, in db: Database) throws {
        let slots = validSlots(timeframe)
        let found = try Int64.fetchAll(
            db,
            sql: """
                SELECT slot FROM raw_bar WHERE instrument_id = :instrument AND timeframe_us = :timeframe AND slot < :first
                UNION ALL
                SELECT slot FROM raw_bar WHERE instrument_id = :instrument AND timeframe_us = :timeframe AND slot > :last
                LIMIT 100
                """,
            arguments: [
                "instrument": number, "timeframe": timeframe.microseconds, "first": slots.lowerBound,
                "last": slots.upperBound,
            ]
        )
        for slot in found {
            damage.record("raw_bar of instrument_id \(number), \(timeframe), slot \(slot)", "its time is out of range")
        }
    }

    /// An instrument's bars of a range of slots, by ascending slot.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>,
        damage: DamagedRows? = nil,
        in db: Database
    ) throws -> [Bar] {
        let valid = validSlots(timeframe)
        guard slots.overlaps(valid) else { return [] }
        let slots = slots.clamped(to: valid)
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
            if let bar = bar(row, instrument: instrument, timeframe: timeframe) {
                bars.append(bar)
            } else {
                let slot: Int64 = row[0]
                let name = "raw_bar of instrument_id \(number), \(timeframe), slot \(slot)"
                damage?.record(name, "its values are invalid")
            }
        }
        return bars
    }

    /// The greatest slot, at most `slot`, that has a bar; nil when there is none.
    static func lastSlot(
        number: Int64,
        timeframe: Timeframe,
        through slot: Int64 = .max,
        in db: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: "SELECT max(slot) FROM raw_bar WHERE instrument_id = ? AND timeframe_us = ? AND slot <= ?",
            arguments: [number, timeframe.microseconds, min(slot, validSlots(timeframe).upperBound)]
        )
    }

    /// The bars of the last `count` slots that end at the newest bar, of those up to `slot`.
    static func bars(
        _ instrument: InstrumentID,
        number: Int64,
        timeframe: Timeframe,
        last count: Int,
        through slot: Int64 = .max,
        damage: DamagedRows? = nil,
        in db: Database
    ) throws -> [Bar] {
        guard count > 0, let last = try lastSlot(number: number, timeframe: timeframe, through: slot, in: db) else {
            return []
        }
        let (first, overflow) = last.subtractingReportingOverflow(Int64(count - 1))
        let slots = (overflow ? .min : first)...last
        return try bars(instrument, number: number, timeframe: timeframe, slots: slots, damage: damage, in: db)
    }

    /// The bar of a row; nil where its values contradict each other.
    private static func bar(_ row: Row, instrument: InstrumentID, timeframe: Timeframe) -> Bar? {
        let state: Int = row[1]
        let origin: Int = row[2]
        var prices: BarPrices?
        if let open: Double = row[3], let high: Double = row[4], let low: Double = row[5], let close: Double = row[6],
            let volume: Double = row[7], let trades: Int = row[8]
        {
            guard [open, high, low, close, volume].allSatisfy(\.isFinite), trades >= 0 else { return nil }
            prices = BarPrices(open: open, high: high, low: low, close: close, volume: volume, trades: trades)
        }
        guard let storedState = BarState.allCases.first(where: { $0.storedCode == state }) else { return nil }
        // A gap has no value, and every other bar has one.
        guard (storedState == .gap) == (prices == nil) else { return nil }
        return Bar(
            instrument: instrument,
            timeframe: timeframe,
            slot: row[0],
            state: storedState,
            origin: BarOrigin.allCases.first { $0.storedCode == origin } ?? .trades,
            prices: prices
        )
    }
}

// The view `bar` contains these codes as literals.

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
