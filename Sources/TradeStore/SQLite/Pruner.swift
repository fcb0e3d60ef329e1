import GRDB
import MarketData

/// Removes old rows in steps, each short enough for a transaction that does not delay writes. Imported rows stay.
enum Pruner {
    /// The result of one step over a stream's trades.
    struct TradeStep: Sendable {
        var removed: Int
        /// Where the next step begins; nil when nothing old is left.
        var nextKey: Int64?
    }

    /// How many rows a step reads.
    static let rowsPerStep = 2_000
    /// How many pages a step returns to the disk.
    static let pagesPerStep = 100
    /// Free pages that are kept for new rows: this number, or one page in ``spareShare`` if that is more.
    private static let sparePages = 1_000
    private static let spareShare = 10

    /// Removes the old trades among those of a stream in a range of keys; the trade with the greatest id of the stream
    /// stays.
    ///
    /// Ids are nearly in the order of time, so a step that finds nothing old is the last.
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

    /// Removes the first ``rowsPerStep`` bars of an instrument in a range of slots; returns the number of removed bars.
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

    /// Removes the gaps below the first trade of a stream, which are as old as removed trades.
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

    /// Returns free pages at the end of the file to the disk, unless so few are free that writing needs them soon.
    /// - Returns: whether more can be returned.
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
