import GRDB
import GRDBSQLite
import MarketData

/// The trades that other streams of an instrument have in the period of a file, in a temporary table.
struct SQLitePresentTrades: PresentTrades {
    /// From the first to the last of them; nil when there are none.
    let times: ClosedRange<Timestamp>?

    private let store: SQLiteTradeStore
    private let instrument: InstrumentID

    /// Copies the trades of a period.
    init(
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
            let row = try Row.fetchOne(db, sql: sql, arguments: [instrument.index])
            guard let first: Int64 = row?[0], let last: Int64 = row?[1] else { return nil }
            return Timestamp(microseconds: first)...Timestamp(microseconds: last)
        }
    }

    /// The trades of each time, by stream and id.
    func rows(at times: [Timestamp]) async throws -> [[PresentTrade]] {
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
                var rows: [PresentTrade] = []
                while true {
                    switch sqlite3_step(handle) {
                    case SQLITE_ROW:
                        let trade = TradeTable.row(handle, instrument: instrument)
                        let isAtStart = sqlite3_column_int64(handle, 5) != 0
                        let key = sqlite3_column_int64(handle, 0)
                        rows.append(PresentTrade(trade: trade, isAtStart: isAtStart, key: key))
                    case SQLITE_DONE: return rows
                    default: throw TradeTable.lastError(of: db)
                    }
                }
            }
        }
    }

    /// Removes trades from the copy after a trade of the file was found equal to them, so that each is matched once.
    func remove(_ rows: [PresentTrade]) async throws {
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

extension SQLiteTradeStore {
    /// Copies the trades of a period.
    func presentTrades(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>
    ) async throws -> any PresentTrades {
        try await SQLitePresentTrades(of: instrument, in: sources, times: times, store: self)
    }

    /// Writes the trades and changes of gaps of several batches in one transaction.
    /// - Returns: how many trades of each batch were new.
    func write(_ batches: [ReplacingBatch]) async throws -> [Int] {
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
