import GRDB
import MarketData

/// The rows of `raw_import`.
enum ImportTable {
    /// Inserts a range, complete or not; one of the same content is replaced.
    static func put(_ range: ImportedRange, instrument: Int64, stream: Int64, isComplete: Bool, in db: Database) throws
    {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO raw_import
                    (instrument_id, stream_id, timeframe_us, checksum, source, first_id, last_id, first_us, last_us,
                        revision, is_spared)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN \(nextRevision) ELSE 0 END, 1)
                """,
            arguments: [
                instrument, stream, range.timeframe?.microseconds ?? 0, range.checksum, range.source,
                range.ids.lowerBound, range.ids.upperBound, range.times.lowerBound.microseconds,
                range.times.upperBound.microseconds, isComplete,
            ]
        )
    }

    private static let nextRevision = "(SELECT ifnull(max(revision), 0) + 1 FROM raw_import)"

    /// Whether an import of this content into a stream has been completed.
    static func isComplete(checksum: String, stream: Int64, in db: Database) throws -> Bool {
        let count = try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM raw_import WHERE checksum = ? AND stream_id = ? AND revision > 0 AND is_spared
                """,
            arguments: [checksum, stream]
        )
        return count ?? 0 > 0
    }

    /// The instruments and times of the imports completed after a revision, and the greatest revision.
    static func completed(
        after revision: Int64,
        in db: Database
    ) throws -> (revision: Int64, imports: [(instrument: Int64, times: ClosedRange<Timestamp>)]) {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT revision, instrument_id, first_us, last_us FROM raw_import WHERE revision > ?",
            arguments: [revision]
        )
        let imports = rows.map { row in
            (
                instrument: row[1] as Int64,
                times: Timestamp(microseconds: row[2])...Timestamp(microseconds: max(row[2], row[3]))
            )
        }
        return (rows.map { $0[0] as Int64 }.max() ?? revision, imports)
    }

    /// Permits retention to remove what was imported from these sources, or from all when nil; returns the number of
    /// ranges.
    static func forget(_ sources: [String]?, in db: Database) throws -> Int {
        let forget = "UPDATE raw_import SET is_spared = 0 WHERE is_spared"
        guard let sources else {
            try db.execute(sql: forget)
            return db.changesCount
        }
        return try sources.reduce(0) { count, source in
            try db.execute(sql: forget + " AND source = ?", arguments: [source])
            return count + db.changesCount
        }
    }

    /// The keys of a stream that are not imported, ascending.
    static func unprotectedKeys(stream: Int64, in db: Database) throws -> [ClosedRange<Int64>] {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT first_id, last_id FROM raw_import WHERE stream_id = ? AND is_spared ORDER BY first_id",
            arguments: [stream]
        )
        let ranges = rows.map { row in
            TradeKey.key(stream: stream, id: row[0])...TradeKey.key(stream: stream, id: max(row[0], row[1]))
        }
        return TradeKey.keys(of: stream).subtracting(ranges)
    }

    /// The slots of an instrument's bars up to one, without those of imported trades or bars.
    static func unprotectedSlots(
        instrument: Int64,
        timeframe: Timeframe,
        through slot: Int64,
        in db: Database
    ) throws -> [ClosedRange<Int64>] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT first_us, last_us FROM raw_import
                WHERE instrument_id = ? AND timeframe_us IN (0, ?) AND is_spared ORDER BY first_us
                """,
            arguments: [instrument, timeframe.microseconds]
        )
        let ranges = rows.map { row in
            let first = timeframe.slot(of: Timestamp(microseconds: row[0]))
            return first...max(first, timeframe.slot(of: Timestamp(microseconds: row[1])))
        }
        return (Int64.min...slot).subtracting(ranges)
    }
}
