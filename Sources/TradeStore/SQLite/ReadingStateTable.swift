import Foundation
import GRDB
import MarketData

/// The rows of `raw_reading_state`.
enum ReadingStateTable {
    /// Inserts or replaces states.
    static func put(_ states: [ReadingState], numbers: RowIDs, in db: Database) throws {
        guard !states.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO raw_reading_state (y_id, x_id, timeframe_us, window_bars, settings, slot, state)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (y_id, x_id, timeframe_us, window_bars, settings)
                DO UPDATE SET slot = excluded.slot, state = excluded.state
                """
        )
        for state in states {
            try statement.execute(arguments: [
                numbers.instrument(state.y), numbers.instrument(state.x), state.timeframe.microseconds, state.window,
                state.settings, state.slot, Data(state.state),
            ])
        }
    }

    /// The states of a pair at a timeframe, by window and settings.
    static func states(
        of y: InstrumentID,
        _ x: InstrumentID,
        timeframe: Timeframe,
        numbers: RowIDs,
        in db: Database
    ) throws -> [ReadingState] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT window_bars, settings, slot, state FROM raw_reading_state
                WHERE y_id = ? AND x_id = ? AND timeframe_us = ? ORDER BY window_bars, settings
                """,
            arguments: [numbers.instrument(y), numbers.instrument(x), timeframe.microseconds]
        ).map { row in
            ReadingState(
                y: y,
                x: x,
                timeframe: timeframe,
                window: row[0],
                settings: row[1],
                slot: row[2],
                state: [UInt8](row[3] as Data)
            )
        }
    }

    /// Removes the states that include one of these bars, because the bars have changed.
    static func invalidate(_ bars: [Bar], numbers: RowIDs, in db: Database) throws {
        struct Key: Hashable {
            let instrument: InstrumentID
            let timeframe: Timeframe
        }
        let slots = Dictionary(
            bars.map { (Key(instrument: $0.instrument, timeframe: $0.timeframe), $0.slot) },
            uniquingKeysWith: min
        )
        for (key, slot) in slots {
            try invalidate(
                instrument: numbers.instrument(key.instrument),
                timeframe: key.timeframe.microseconds,
                from: slot,
                in: db
            )
        }
    }

    /// Removes the states of an instrument at all timeframes that include a bar of this time or later.
    static func invalidate(instrument: Int64, from time: Timestamp, in db: Database) throws {
        let timeframes = try Int64.fetchAll(
            db,
            sql: "SELECT DISTINCT timeframe_us FROM raw_reading_state WHERE y_id = :id OR x_id = :id",
            arguments: ["id": instrument]
        )
        for length in timeframes {
            let (quotient, remainder) = time.microseconds.quotientAndRemainder(dividingBy: length)
            let slot = remainder < 0 ? quotient - 1 : quotient
            try invalidate(instrument: instrument, timeframe: length, from: slot, in: db)
        }
    }

    private static func invalidate(instrument: Int64, timeframe: Int64, from slot: Int64, in db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM raw_reading_state
                WHERE (y_id = :id OR x_id = :id) AND timeframe_us = :timeframe AND slot >= :slot
                """,
            arguments: ["id": instrument, "timeframe": timeframe, "slot": slot]
        )
    }

    /// Removes the states of pairs with this y whose last bar opened before a time; returns the number of removed
    /// states.
    static func remove(y: Int64, timeframe: Timeframe, before time: Timestamp, in db: Database) throws -> Int {
        try db.execute(
            sql: "DELETE FROM raw_reading_state WHERE y_id = ? AND timeframe_us = ? AND slot <= ?",
            arguments: [y, timeframe.microseconds, timeframe.slot(of: time - 1)]
        )
        return db.changesCount
    }
}
