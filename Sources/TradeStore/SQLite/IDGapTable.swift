import GRDB
import MarketData

/// The rows of `raw_hole`.
enum IDGapTable {
    /// Applies changes in their order.
    static func apply(_ changes: [IDGapChange], numbers: RowIDs, in db: Database) throws {
        for change in changes {
            switch change {
            case .put(let gap):
                try db.cachedStatement(
                    sql: """
                        INSERT OR REPLACE INTO raw_hole (stream_id, first_id, last_id, state) VALUES (?, ?, ?, ?)
                        """
                ).execute(arguments: [
                    numbers.stream(gap.instrument, of: gap.firstID), TradeNumbering.venueID(gap.firstID),
                    TradeNumbering.venueID(gap.lastID), gap.state.rawValue,
                ])
            case .remove(let instrument, let firstID):
                try db.cachedStatement(sql: "DELETE FROM raw_hole WHERE stream_id = ? AND first_id = ?").execute(
                    arguments: [numbers.stream(instrument, of: firstID), TradeNumbering.venueID(firstID)]
                )
            }
        }
    }

    /// The gaps of a stream that overlap a range of ids, by ascending id.
    static func gaps(
        _ instrument: InstrumentID,
        stream: Int64,
        overlapping ids: ClosedRange<Int64>,
        in db: Database
    ) throws -> [IDGap] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT first_id, last_id, state FROM raw_hole
                WHERE stream_id = ? AND first_id <= ? AND last_id >= ? ORDER BY first_id
                """,
            arguments: [stream, ids.upperBound, ids.lowerBound]
        ).map { row in
            IDGap(
                instrument: instrument,
                firstID: row[0],
                lastID: row[1],
                state: IDGapState(rawValue: row[2]) ?? .open
            )
        }
    }

    /// How many ids beyond the last trade a gap can end; a venue needs days for this number of trades.
    static let longestEnd: Int64 = 100_000_000

    /// The greatest id inside a gap of a stream, of valid rows.
    static func lastID(stream: Int64, lastTradeID: Int64, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT max(last_id) FROM raw_hole
                WHERE stream_id = ? AND first_id BETWEEN 0 AND last_id AND last_id <= ?
                """,
            arguments: [stream, min(lastTradeID + longestEnd, TradeKey.ids.upperBound - 1)]
        )
    }

    /// The newest gaps of a stream in one state, with the times of their neighbours, by ascending id. Invalid rows are
    /// left out.
    /// - Parameters:
    ///   - base: what is added to the ids.
    ///   - damage: receives the rows that are left out.
    static func gaps(
        _ state: IDGapState,
        of instrument: InstrumentID,
        stream: Int64,
        base: Int64,
        limit: Int,
        damage: DamagedRows,
        in db: Database
    ) throws -> [StoredIDGap] {
        let keys = TradeKey.keys(of: stream)
        let lastTradeID = try Int64.fetchOne(
            db,
            sql: "SELECT max(key) FROM raw_trade WHERE key BETWEEN ? AND ?",
            arguments: [keys.lowerBound, keys.upperBound]
        ).map(TradeKey.id)
        // A row with a first id out of range must not move the bounds of the searches beside it into another stream.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT first_id, last_id,
                    (SELECT time_us FROM raw_trade
                        WHERE first_id BETWEEN 0 AND :greatest
                            AND key BETWEEN :first AND :first + first_id - 1 ORDER BY key DESC LIMIT 1),
                    (SELECT key FROM raw_trade
                        WHERE first_id BETWEEN 0 AND :greatest
                            AND key BETWEEN :first + first_id AND :last ORDER BY key LIMIT 1) AS next_key,
                    (SELECT name FROM stream AS s WHERE s.stream_id = :stream)
                FROM raw_hole WHERE stream_id = :stream AND state = :state ORDER BY first_id DESC LIMIT :limit
                """,
            arguments: [
                "first": keys.lowerBound, "last": keys.upperBound, "stream": stream,
                "state": state.rawValue, "limit": limit, "greatest": TradeKey.ids.upperBound - 1,
            ]
        )
        let time = try db.cachedStatement(sql: "SELECT time_us FROM raw_trade WHERE key = ?")
        var gaps: [StoredIDGap] = []
        var lowest = Int64.max
        while let row = try rows.next() {
            let (firstID, lastID): (Int64, Int64) = (row[0], row[1])
            let nextKey: Int64? = row[3]
            let fault: String? =
                if firstID < 0 || lastID >= TradeKey.ids.upperBound {
                    "its ids are out of range, last_id being \(lastID)"
                } else if lastID < firstID {
                    "last_id \(lastID) is below it"
                } else if let next = nextKey.map(TradeKey.id), next <= lastID {
                    "a trade with the id \(next) is on disk, and last_id is \(lastID)"
                } else if lastID >= lowest {
                    "last_id \(lastID) overlaps the row of first_id \(lowest)"
                } else if let lastTradeID, lastID - lastTradeID > longestEnd {
                    "last_id \(lastID) is too far beyond the last trade, \(lastTradeID)"
                } else {
                    nil
                }
            if let fault {
                let name = "raw_hole of stream_id \(stream) (\(row[4] as String? ?? "?")), first_id \(firstID)"
                damage.record(name, fault)
                continue
            }
            lowest = firstID
            gaps.append(
                StoredIDGap(
                    gap: IDGap(instrument: instrument, firstID: firstID + base, lastID: lastID + base, state: state),
                    precedingTime: (row[2] as Int64?).map(Timestamp.init(microseconds:)),
                    followingTime: try nextKey.flatMap { key in
                        try Int64.fetchOne(time, arguments: [key]).map(Timestamp.init(microseconds:))
                    }
                )
            )
        }
        return gaps.reversed()
    }
}
