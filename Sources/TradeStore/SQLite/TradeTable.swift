import GRDB
import GRDBSQLite
import MarketData

/// The rows of `raw_trade`, through the C interface: GRDB's binding of arguments costs more than the insert.
enum TradeTable {
    /// Rows per statement: starting and ending a statement for each row would be a third of the work.
    private static let rowsPerStatement = 32

    /// Inserts the trades that are not stored yet; returns their number. The ids must be accepted ones.
    static func insert(_ trades: [Trade], numbers: RowIDs, in db: Database) throws -> Int {
        let before = db.totalChangesCount
        let whole = trades.count - trades.count % rowsPerStatement
        try insert(trades[..<whole], rows: rowsPerStatement, numbers: numbers, in: db)
        try insert(trades[whole...], rows: 1, numbers: numbers, in: db)
        return db.totalChangesCount - before
    }

    /// Inserts trades by statements of `rows` rows each; the number of trades is a multiple of `rows`.
    private static func insert(
        _ trades: ArraySlice<Trade>,
        rows: Int,
        numbers: RowIDs,
        in db: Database
    ) throws {
        let values = repeatElement("(?, ?, ?, ?, ?)", count: rows).joined(separator: ", ")
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO raw_trade (key, time_us, price, quantity, format) VALUES \(values)"
        )
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        for first in stride(from: trades.startIndex, to: trades.endIndex, by: rows) {
            var parameter: Int32 = 1
            for trade in trades[first..<(first + rows)] {
                let stream = numbers.stream(trade.instrument, of: trade.id)
                let key = TradeKey.key(stream: stream, id: TradeNumbering.venueID(trade.id))
                sqlite3_bind_int64(handle, parameter, key)
                sqlite3_bind_int64(handle, parameter + 1, trade.time.microseconds)
                sqlite3_bind_int64(handle, parameter + 2, trade.price.mantissa)
                sqlite3_bind_int64(handle, parameter + 3, trade.quantity.mantissa)
                sqlite3_bind_int64(handle, parameter + 4, TradeFormat(trade).rawValue)
                parameter += 5
            }
            guard sqlite3_step(handle) == SQLITE_DONE else { throw lastError(of: db) }
            sqlite3_reset(handle)
        }
    }

    /// Visits a stream's trades from the greatest id down, until `visit` returns false.
    static func scanBack(
        _ instrument: InstrumentID,
        stream: Int64,
        in db: Database,
        _ visit: (Trade) -> Bool
    ) throws {
        let keys = TradeKey.keys(of: stream)
        try scan(instrument, keys: keys, isAscending: false, in: db, visit)
    }

    /// Visits a stream's trades in a range of keys, until `visit` returns false.
    static func scan(
        _ instrument: InstrumentID,
        keys: ClosedRange<Int64>,
        isAscending: Bool,
        in db: Database,
        _ visit: (Trade) -> Bool
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT key, time_us, price, quantity, format FROM raw_trade
                WHERE key BETWEEN ? AND ? ORDER BY key \(isAscending ? "ASC" : "DESC")
                """
        )
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
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

    /// Up to `limit` trades of a stream from an id on, by ascending id.
    static func trades(
        _ instrument: InstrumentID,
        stream: Int64,
        ids: ClosedRange<Int64>,
        limit: Int,
        in db: Database
    ) throws -> [Trade] {
        let ids = ids.clamped(to: 0...(TradeKey.ids.upperBound - 1))
        let keys = TradeKey.key(stream: stream, id: ids.lowerBound)...TradeKey.key(stream: stream, id: ids.upperBound)
        var trades: [Trade] = []
        trades.reserveCapacity(min(limit, 10_000))
        try scan(instrument, keys: keys, isAscending: true, in: db) { trade in
            trades.append(trade)
            return trades.count < limit
        }
        return trades
    }

    /// The first or the last trade of a range of keys.
    static func neighbour(
        _ keys: ClosedRange<Int64>,
        isAscending: Bool,
        in db: Database
    ) throws -> Trade? {
        var found: Trade?
        try scan(InstrumentID(0), keys: keys, isAscending: isAscending, in: db) { trade in
            found = trade
            return false
        }
        return found
    }

    /// The trade of a row with the columns key, time_us, price, quantity and format; its price is the least integer
    /// where the format is invalid.
    static func row(_ handle: SQLiteStatement, instrument: InstrumentID) -> Trade {
        let format = TradeFormat(rawValue: sqlite3_column_int64(handle, 4))
        let price =
            format.isDamaged ? FixedDecimal(mantissa: .min, scale: 0) : format.price(sqlite3_column_int64(handle, 2))
        return Trade(
            instrument: instrument,
            id: TradeKey.id(sqlite3_column_int64(handle, 0)),
            time: Timestamp(microseconds: sqlite3_column_int64(handle, 1)),
            price: price,
            quantity: format.quantity(sqlite3_column_int64(handle, 3)),
            takerSide: format.takerSide
        )
    }

    static func lastError(of db: Database) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
            message: db.lastErrorMessage
        )
    }
}
