import GRDB
import GRDBSQLite
import MarketData

/// The rows of `raw_trade`, by the C interface: GRDB's own binding of arguments costs more than the insert itself.
enum TradeTable {
    /// Inserts the trades that are not there yet; returns how many these were. The ids must be accepted ones.
    static func insert(_ trades: [Trade], numbers: StreamNumbers, in db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO raw_trade (key, time_us, price, quantity, format) VALUES (?, ?, ?, ?, ?)"
        )
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        let before = db.totalChangesCount
        for trade in trades {
            sqlite3_bind_int64(handle, 1, TradeKey.key(stream: numbers.stream(trade.instrument), id: trade.id))
            sqlite3_bind_int64(handle, 2, trade.time.microseconds)
            sqlite3_bind_int64(handle, 3, trade.price.mantissa)
            sqlite3_bind_int64(handle, 4, trade.quantity.mantissa)
            sqlite3_bind_int64(handle, 5, TradeFormat(trade).rawValue)
            guard sqlite3_step(handle) == SQLITE_DONE else { throw lastError(of: db) }
            sqlite3_reset(handle)
        }
        return db.totalChangesCount - before
    }

    /// Visits a stream's trades from the greatest id down, until `visit` returns false.
    static func scanBack(
        _ instrument: InstrumentID,
        stream: Int64,
        in db: Database,
        _ visit: (Trade) -> Bool
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT key, time_us, price, quantity, format FROM raw_trade
                WHERE key BETWEEN ? AND ? ORDER BY key DESC
                """
        )
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        let keys = TradeKey.keys(of: stream)
        sqlite3_bind_int64(handle, 1, keys.lowerBound)
        sqlite3_bind_int64(handle, 2, keys.upperBound)
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                if !visit(row(handle, instrument: instrument)) { return }
            case SQLITE_DONE:
                return
            default:
                throw lastError(of: db)
            }
        }
    }

    private static func row(_ handle: SQLiteStatement, instrument: InstrumentID) -> Trade {
        let format = TradeFormat(rawValue: sqlite3_column_int64(handle, 4))
        return Trade(
            instrument: instrument,
            id: TradeKey.id(sqlite3_column_int64(handle, 0)),
            time: Timestamp(microseconds: sqlite3_column_int64(handle, 1)),
            price: FixedDecimal(mantissa: sqlite3_column_int64(handle, 2), scale: format.priceScale),
            quantity: FixedDecimal(mantissa: sqlite3_column_int64(handle, 3), scale: format.quantityScale),
            takerSide: format.takerSide
        )
    }

    private static func lastError(of db: Database) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
            message: db.lastErrorMessage
        )
    }
}
