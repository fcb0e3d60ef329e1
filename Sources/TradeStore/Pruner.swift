import GRDB
import MarketData

/// Removes old rows in steps, each of them short enough for a transaction that holds nobody up.
enum Pruner {
    /// What one step over a stream's trades did.
    struct TradeStep: Sendable {
        var removed: Int
        /// Where the next step begins; nil when nothing old is left.
        var nextKey: Int64?
    }

    /// How many rows a step looks at.
    static let rowsPerStep = 2_000

    /// Looks at a stream's trades from a key on and removes the old ones among them; the greatest id stays.
    ///
    /// Ids are nearly in the order of time, so the first step that finds nothing old is the last.
    static func removeTrades(
        stream: Int64,
        from key: Int64,
        before time: Timestamp,
        in db: Database
    ) throws -> TradeStep {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT max(key), count(*) FROM (
                    SELECT key FROM raw_trade
                    WHERE key >= :from AND key < (SELECT max(key) FROM raw_trade WHERE key BETWEEN :from AND :last)
                    ORDER BY key LIMIT \(rowsPerStep))
                """,
            arguments: ["from": key, "last": TradeKey.keys(of: stream).upperBound]
        )
        guard let row, let last: Int64 = row[0], let count: Int = row[1] else { return TradeStep(removed: 0) }
        let removed = try delete(
            "DELETE FROM raw_trade WHERE key BETWEEN ? AND ? AND time_us < ?",
            arguments: [key, last, time.microseconds],
            in: db
        )
        return TradeStep(removed: removed, nextKey: removed > 0 && count == rowsPerStep ? last + 1 : nil)
    }

    /// Removes the first ``rowsPerStep`` bars of an instrument that opened before a moment; returns how many there were.
    static func removeBars(
        instrument: Int64,
        timeframe: Timeframe,
        before time: Timestamp,
        in db: Database
    ) throws -> Int {
        try delete(
            """
            DELETE FROM raw_bar WHERE instrument_id = :instrument AND timeframe_us = :timeframe AND slot IN (
                SELECT slot FROM raw_bar
                WHERE instrument_id = :instrument AND timeframe_us = :timeframe AND slot <= :slot
                ORDER BY slot LIMIT \(rowsPerStep))
            """,
            arguments: [
                "instrument": instrument, "timeframe": timeframe.microseconds, "slot": timeframe.slot(of: time - 1),
            ],
            in: db
        )
    }

    /// Removes the holes below the first trade of a stream: their time has gone too.
    static func removeHoles(stream: Int64, in db: Database) throws -> Int {
        let keys = TradeKey.keys(of: stream)
        return try delete(
            """
            DELETE FROM raw_hole WHERE stream_id = :stream
                AND last_id < (SELECT min(key) FROM raw_trade WHERE key BETWEEN :first AND :last) - :first
            """,
            arguments: ["stream": stream, "first": keys.lowerBound, "last": keys.upperBound],
            in: db
        )
    }

    private static func delete(_ sql: String, arguments: StatementArguments, in db: Database) throws -> Int {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
        return db.changesCount
    }
}
