import GRDB
import GRDBSQLite
import MarketData

/// The trades of several streams of an instrument in the order of time, in a temporary table.
///
/// SQLite sorts in a temporary file, so the memory does not grow with the number of trades; the main database is only
/// read.
struct SQLiteSortedTrades: SortedTrades {
    private let store: SQLiteTradeStore
    private let instrument: InstrumentID

    /// Sorts the trades; ``remove()`` frees the space.
    init(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>,
        store: SQLiteTradeStore
    ) async throws {
        self.store = store
        self.instrument = instrument
        try await store.withWriter { db in
            try Self.sort(sources, times: times, in: db)
        }
    }

    /// Up to `limit` trades after a position; ids are positions, from 1.
    func trades(after position: Int64, limit: Int) async throws -> [Trade] {
        try await store.withWriter { [instrument] db in
            try Self.trades(of: instrument, after: position, limit: limit, in: db)
        }
    }

    /// Removes the temporary table.
    func remove() async throws {
        try await store.withWriter { db in try Self.drop(in: db) }
    }

    /// Fills the temporary table.
    static func sort(_ sources: [TradeSource], times: ClosedRange<Timestamp>, in db: Database) throws {
        try drop(in: db)
        try db.execute(sql: tables)
        for source in sources {
            for run in source.runs {
                try db.execute(
                    sql: "INSERT INTO temp.trade_source VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        source.isNumbered ? 0 : source.stream, run.keys.lowerBound, run.keys.upperBound,
                        run.times.lowerBound,
                        run.times.upperBound,
                    ]
                )
            }
        }
        try db.execute(sql: sort, arguments: [times.lowerBound.microseconds, times.upperBound.microseconds])
    }

    /// Up to `limit` trades of the temporary table after a position; ids are positions, from 1.
    static func trades(
        of instrument: InstrumentID,
        after position: Int64,
        limit: Int,
        in db: Database
    ) throws -> [Trade] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT position, time_us, price, quantity, format FROM temp.sorted_trade
                WHERE position > ? ORDER BY position LIMIT ?
                """
        )
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        sqlite3_bind_int64(handle, 1, position)
        sqlite3_bind_int64(handle, 2, Int64(limit))
        var trades: [Trade] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: trades.append(TradeTable.row(handle, instrument: instrument))
            case SQLITE_DONE: return trades
            default: throw TradeTable.lastError(of: db)
            }
        }
    }

    /// Removes the temporary table.
    static func drop(in db: Database) throws {
        try db.execute(sql: "DROP TABLE IF EXISTS temp.sorted_trade; DROP TABLE IF EXISTS temp.trade_source")
    }

    private static let tables = """
        CREATE TEMP TABLE trade_source (
            place INTEGER, first_key INTEGER, last_key INTEGER, first_us INTEGER, last_us INTEGER
        );
        CREATE TEMP TABLE sorted_trade (
            position INTEGER PRIMARY KEY, time_us INTEGER, price INTEGER, quantity INTEGER, format INTEGER
        );
        """

    /// The rank of a stream is its number, as streams are numbered in the order of their first import; it is 0 where
    /// trades have ids.
    private static let sort = """
        INSERT INTO temp.sorted_trade (time_us, price, quantity, format)
        SELECT t.time_us, t.price, t.quantity, t.format
        FROM temp.trade_source AS s CROSS JOIN main.raw_trade AS t
        WHERE t.key BETWEEN s.first_key AND s.last_key AND t.time_us BETWEEN ? AND ?
        ORDER BY t.time_us,
            CASE WHEN s.first_us < t.time_us
                THEN CASE WHEN s.last_us = t.time_us THEN 0 ELSE 1 END
                ELSE CASE WHEN s.last_us = t.time_us THEN 2 ELSE 3 END
            END,
            CASE WHEN s.first_us >= t.time_us AND s.last_us > t.time_us THEN - s.place ELSE s.place END,
            t.key
        """
}
