import GRDB
import MarketData

/// Removes old rows in steps, each of them short enough for a transaction that holds nobody up, and spares what was
/// imported.
enum Pruner {
    /// What one step over a stream's trades did.
    struct TradeStep: Sendable {
        var removed: Int
        /// Where the next step begins; nil when nothing old is left.
        var nextKey: Int64?
    }

    /// How many rows a step looks at.
    static let rowsPerStep = 2_000
    /// How many pages a step gives back to the disk.
    static let pagesPerStep = 100
    /// Free pages that stay for what comes next, at least, and as the share of a database that they may be.
    private static let sparePages = 1_000
    private static let spareShare = 10

    /// Looks at a stream's trades in a range of keys and removes the old ones among them; the greatest id of the stream
    /// stays.
    ///
    /// Ids are nearly in the order of time, so the first step that finds nothing old is the last.
    static func removeTrades(
        stream: Int64,
        in keys: ClosedRange<Int64>,
        before time: Timestamp,
        in db: Database
    ) throws -> TradeStep {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT max(key), count(*) FROM (
                    SELECT key FROM raw_trade
                    WHERE key BETWEEN :from AND :through
                        AND key < (SELECT max(key) FROM raw_trade WHERE key BETWEEN :from AND :last)
                    ORDER BY key LIMIT \(rowsPerStep))
                """,
            arguments: [
                "from": keys.lowerBound, "through": keys.upperBound, "last": TradeKey.keys(of: stream).upperBound,
            ]
        )
        guard let row, let last: Int64 = row[0], let count: Int = row[1] else { return TradeStep(removed: 0) }
        let removed = try delete(
            "DELETE FROM raw_trade WHERE key BETWEEN ? AND ? AND time_us < ?",
            arguments: [keys.lowerBound, last, time.microseconds],
            in: db
        )
        return TradeStep(removed: removed, nextKey: removed > 0 && count == rowsPerStep ? last + 1 : nil)
    }

    /// Removes the first ``rowsPerStep`` bars of an instrument in a range of slots; returns how many there were.
    static func removeBars(
        instrument: Int64,
        timeframe: Timeframe,
        in slots: ClosedRange<Int64>,
        in db: Database
    ) throws -> Int {
        try delete(
            """
            DELETE FROM raw_bar WHERE instrument_id = :instrument AND timeframe_us = :timeframe AND slot IN (
                SELECT slot FROM raw_bar
                WHERE instrument_id = :instrument AND timeframe_us = :timeframe AND slot BETWEEN :first AND :last
                ORDER BY slot LIMIT \(rowsPerStep))
            """,
            arguments: [
                "instrument": instrument, "timeframe": timeframe.microseconds, "first": slots.lowerBound,
                "last": slots.upperBound,
            ],
            in: db
        )
    }

    /// Removes the gaps below the first trade of a stream: their time has gone too.
    static func removeGaps(stream: Int64, in db: Database) throws -> Int {
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

    /// Gives free pages at the end of the file back to the disk, unless so few are free that writing needs them soon.
    /// - Returns: whether more can be given back.
    static func shrink(in db: Database) throws -> Bool {
        guard let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count"),
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count"),
            free > max(sparePages, pages / spareShare),
            // A database of an older version keeps its pages for reuse.
            try Int.fetchOne(db, sql: "PRAGMA auto_vacuum") == 2
        else { return false }
        try db.execute(sql: "PRAGMA incremental_vacuum(\(pagesPerStep))")
        return true
    }

    private static func delete(_ sql: String, arguments: StatementArguments, in db: Database) throws -> Int {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
        return db.changesCount
    }
}
