import GRDB
import GRDBSQLite
package import MarketData

/// The trades that other streams of an instrument have in the period of a file, in a temporary table.
package struct PresentTrades: Sendable {
    /// One of these trades.
    package struct Row: Sendable {
        /// The trade; ``Trade/id`` is the id in its own stream.
        package let trade: Trade
        /// Whether its run begins at its time; a file with the same trade then has it among the last trades of that
        /// time.
        package let isAtStart: Bool
        let key: Int64
    }

    /// From the first to the last of them; nil when there are none.
    package let times: ClosedRange<Timestamp>?

    private let store: SQLiteTradeStore
    private let instrument: InstrumentID

    /// Copies the trades of a period.
    package init(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>,
        store: SQLiteTradeStore
    ) async throws {
        self.store = store
        self.instrument = instrument
        self.times = try await store.withWriter { db in
            try db.execute(sql: Self.table)
            try db.execute(sql: "DELETE FROM temp.present_trade WHERE instrument = ?", arguments: [instrument.index])
            for source in sources {
                for run in source.runs {
                    try db.execute(
                        sql: Self.copy,
                        arguments: [
                            instrument.index, run.times.lowerBound, run.keys.lowerBound, run.keys.upperBound,
                            times.lowerBound.microseconds, times.upperBound.microseconds,
                        ]
                    )
                }
            }
            let sql = "SELECT min(time_us), max(time_us) FROM temp.present_trade WHERE instrument = ?"
            let row = try GRDB.Row.fetchOne(db, sql: sql, arguments: [instrument.index])
            guard let first: Int64 = row?[0], let last: Int64 = row?[1] else { return nil }
            return Timestamp(microseconds: first)...Timestamp(microseconds: last)
        }
    }

    /// The trades of each time, by stream and id.
    package func rows(at times: [Timestamp]) async throws -> [[Row]] {
        try await store.withWriter { [instrument] db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT key, time_us, price, quantity, format, is_at_start FROM temp.present_trade
                    WHERE instrument = ? AND time_us = ? ORDER BY key
                    """
            )
            let handle = statement.sqliteStatement
            defer { sqlite3_reset(handle) }
            return try times.map { time in
                sqlite3_reset(handle)
                sqlite3_bind_int64(handle, 1, Int64(instrument.index))
                sqlite3_bind_int64(handle, 2, time.microseconds)
                var rows: [Row] = []
                while true {
                    switch sqlite3_step(handle) {
                    case SQLITE_ROW:
                        let trade = TradeTable.row(handle, instrument: instrument)
                        let isAtStart = sqlite3_column_int64(handle, 5) != 0
                        rows.append(Row(trade: trade, isAtStart: isAtStart, key: sqlite3_column_int64(handle, 0)))
                    case SQLITE_DONE: return rows
                    default: throw TradeTable.lastError(of: db)
                    }
                }
            }
        }
    }

    /// Removes trades from the copy after a trade of the file was found equal to them, so that each is matched once.
    package func remove(_ rows: [Row]) async throws {
        guard !rows.isEmpty else { return }
        try await store.withWriter { [instrument] db in
            let statement = try db.cachedStatement(
                sql: "DELETE FROM temp.present_trade WHERE instrument = ? AND time_us = ? AND key = ?"
            )
            let handle = statement.sqliteStatement
            defer { sqlite3_reset(handle) }
            for row in rows {
                sqlite3_reset(handle)
                sqlite3_bind_int64(handle, 1, Int64(instrument.index))
                sqlite3_bind_int64(handle, 2, row.trade.time.microseconds)
                sqlite3_bind_int64(handle, 3, row.key)
                guard sqlite3_step(handle) == SQLITE_DONE else { throw TradeTable.lastError(of: db) }
            }
        }
    }

    private static let table = """
        CREATE TEMP TABLE IF NOT EXISTS present_trade (
            instrument INTEGER, time_us INTEGER, key INTEGER, price INTEGER, quantity INTEGER, format INTEGER,
            is_at_start INTEGER,
            PRIMARY KEY (instrument, time_us, key)
        ) WITHOUT ROWID
        """

    private static let copy = """
        INSERT OR IGNORE INTO temp.present_trade
        SELECT ?1, time_us, key, price, quantity, format, time_us = ?2 FROM main.raw_trade
        WHERE key BETWEEN ?3 AND ?4 AND time_us BETWEEN ?5 AND ?6 ORDER BY time_us, key
        """
}

/// Trades of one stream to write, and the trades on disk that they replace.
package struct ReplacingBatch: Sendable {
    /// The trades to write.
    package var batch: StoreBatch
    /// Trades of a stream without ids of the venue, which the batch contains with ids.
    package var replaced: [PresentTrades.Row]

    /// A batch from its parts.
    package init(_ batch: StoreBatch, inPlaceOf replaced: [PresentTrades.Row] = []) {
        self.batch = batch
        self.replaced = replaced
    }
}

extension SQLiteTradeStore {
    /// Writes the trades and changes of gaps of several batches in one transaction.
    /// - Returns: how many trades of each batch were new.
    package func write(_ batches: [ReplacingBatch]) async throws -> [Int] {
        for trade in batches.lazy.flatMap(\.batch.trades) where !Self.acceptedIDs.contains(trade.id) {
            throw StoreError.idOutOfRange(stream: streams[trade.instrument], id: trade.id)
        }
        return try await writing { [numbers] db in
            let statement = try db.cachedStatement(sql: "DELETE FROM raw_trade WHERE key = ?")
            return try batches.map { batch in
                for row in batch.replaced { try statement.execute(arguments: [row.key]) }
                let new = try TradeTable.insert(batch.batch.trades, numbers: numbers, in: db)
                try IDGapTable.apply(batch.batch.gapChanges, numbers: numbers, in: db)
                return new
            }
        }
    }
}
