import GRDB
import MarketData

/// The rows of `raw_hole`.
enum HoleTable {
    /// Applies changes in their order.
    static func apply(_ changes: [HoleChange], numbers: StreamNumbers, in db: Database) throws {
        for change in changes {
            switch change {
            case .put(let hole):
                try db.cachedStatement(
                    sql: """
                        INSERT OR REPLACE INTO raw_hole (stream_id, first_id, last_id, state) VALUES (?, ?, ?, ?)
                        """
                ).execute(arguments: [
                    numbers.stream(hole.instrument), hole.firstID, hole.lastID, hole.state.rawValue,
                ])
            case .remove(let instrument, let firstID):
                try db.cachedStatement(sql: "DELETE FROM raw_hole WHERE stream_id = ? AND first_id = ?")
                    .execute(arguments: [numbers.stream(instrument), firstID])
            }
        }
    }

    /// The holes of a stream that overlap a range of ids, by ascending id.
    static func holes(
        _ instrument: InstrumentID,
        stream: Int64,
        overlapping ids: ClosedRange<Int64>,
        in db: Database
    ) throws -> [Hole] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT first_id, last_id, state FROM raw_hole
                WHERE stream_id = ? AND first_id <= ? AND last_id >= ? ORDER BY first_id
                """,
            arguments: [stream, ids.upperBound, ids.lowerBound]
        ).map { row in
            Hole(
                instrument: instrument,
                firstID: row[0],
                lastID: row[1],
                state: HoleState(rawValue: row[2]) ?? .open
            )
        }
    }

    /// The holes of a stream in one state, with the times of their neighbours.
    static func holes(
        _ state: HoleState,
        of instrument: InstrumentID,
        stream: Int64,
        in db: Database
    ) throws -> [StoredHole] {
        let keys = TradeKey.keys(of: stream)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT first_id, last_id,
                    (SELECT time_us FROM raw_trade
                        WHERE key BETWEEN :first AND :first + first_id - 1 ORDER BY key DESC LIMIT 1),
                    (SELECT time_us FROM raw_trade
                        WHERE key BETWEEN :first + last_id + 1 AND :last ORDER BY key LIMIT 1)
                FROM raw_hole WHERE stream_id = :stream AND state = :state ORDER BY first_id
                """,
            arguments: [
                "first": keys.lowerBound, "last": keys.upperBound, "stream": stream,
                "state": state.rawValue,
            ]
        )
        return rows.map { row in
            StoredHole(
                hole: Hole(instrument: instrument, firstID: row[0], lastID: row[1], state: state),
                precedingTime: (row[2] as Int64?).map(Timestamp.init(microseconds:)),
                followingTime: (row[3] as Int64?).map(Timestamp.init(microseconds:))
            )
        }
    }
}
