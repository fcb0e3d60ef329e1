import GRDB
import GRDBSQLite
import MarketData

/// Searches for trades by time within a range of keys.
///
/// Of trades in any order every row is read. Of trades nearly in the order of time a binary search finds the time, and
/// some rows around it are read.
extension TradeTable {
    /// The greatest number of consecutive trades of a feed that may be out of the order of time.
    private static let slack = 1_000

    /// Ids and times of the first trades of a range of ids, by ascending id.
    static func idsAndTimes(
        stream: Int64,
        ids: ClosedRange<Int64>,
        limit: Int,
        in db: Database
    ) throws -> [(id: Int64, time: Timestamp)] {
        let statement = try db.cachedStatement(
            sql: "SELECT key, time_us FROM raw_trade WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?"
        )
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        sqlite3_bind_int64(handle, 1, TradeKey.key(stream: stream, id: ids.lowerBound))
        sqlite3_bind_int64(handle, 2, TradeKey.key(stream: stream, id: ids.upperBound))
        sqlite3_bind_int64(handle, 3, Int64(limit))
        var rows: [(id: Int64, time: Timestamp)] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                let key = sqlite3_column_int64(handle, 0)
                rows.append((TradeKey.id(key), Timestamp(microseconds: sqlite3_column_int64(handle, 1))))
            case SQLITE_DONE:
                return rows
            default:
                throw lastError(of: db)
            }
        }
    }

    /// The trade time nearest to `time` in one direction, of trades in any order.
    static func nearest(
        _ direction: TradeSpans.Direction,
        _ time: Int64,
        inAnyOrder keys: ClosedRange<Int64>,
        in db: Database
    ) throws -> Int64? {
        let (function, comparison) = direction == .before ? ("max", "<") : ("min", ">")
        let sql = "SELECT \(function)(time_us) FROM raw_trade WHERE key BETWEEN ? AND ? AND time_us \(comparison) ?"
        return try Int64.fetchOne(
            db.cachedStatement(sql: sql),
            arguments: [keys.lowerBound, keys.upperBound, time]
        )
    }

    /// The range from the first to the last used key; nil when there is none.
    static func keys(inUse keys: ClosedRange<Int64>, in db: Database) throws -> ClosedRange<Int64>? {
        guard let first = try neighbour(keys, isAscending: true, in: db),
            let last = try neighbour(keys, isAscending: false, in: db)
        else { return nil }
        let stream = TradeKey.keys(sharing: keys.lowerBound).lowerBound
        return (stream | first.id)...(stream | last.id)
    }

    /// The smallest range of keys that contains all trades of a period, of trades in any order.
    static func keys(
        of times: ClosedRange<Int64>,
        inAnyOrder keys: ClosedRange<Int64>,
        in db: Database
    ) throws -> ClosedRange<Int64>? {
        let statement = try db.cachedStatement(
            sql: "SELECT min(key), max(key) FROM raw_trade WHERE key BETWEEN ? AND ? AND time_us BETWEEN ? AND ?"
        )
        let row = try Row.fetchOne(
            statement,
            arguments: [keys.lowerBound, keys.upperBound, times.lowerBound, times.upperBound]
        )
        guard let row, let first: Int64 = row[0], let last: Int64 = row[1] else { return nil }
        return first...last
    }

    /// Whether a trade of a time is among the last by key, for a search that looks back from a later time, or the
    /// first.
    static func hasTrade(
        at time: Int64,
        atTheEdge direction: TradeSpans.Direction,
        of keys: ClosedRange<Int64>,
        in db: Database
    ) throws -> Bool {
        var isFound = false
        try scanSlack(keys, isAscending: direction == .after, in: db) {
            isFound = isFound || $0.time.microseconds == time
        }
        return isFound
    }

    /// The trade time nearest to `time` in one direction, of trades nearly in order.
    static func nearest(
        _ direction: TradeSpans.Direction,
        _ time: Int64,
        inOrder keys: ClosedRange<Int64>,
        in db: Database
    ) throws -> Int64? {
        let edge = direction == .before ? time : time &+ 1
        guard let key = try firstKey(from: edge, inOrder: keys, in: db) else { return nil }
        var found: Int64?
        try scanSlack(around: key, of: keys, in: db) { trade in
            let other = trade.time.microseconds
            switch direction {
            case .before: if other < time { found = max(found ?? other, other) }
            case .after: if other > time { found = min(found ?? other, other) }
            }
        }
        return found
    }

    /// A range of keys that contains all trades of a period, of trades nearly in order.
    static func keys(
        of times: ClosedRange<Int64>,
        inOrder keys: ClosedRange<Int64>,
        in db: Database
    ) throws -> ClosedRange<Int64>? {
        guard let from = try firstKey(from: times.lowerBound, inOrder: keys, in: db),
            let end = try firstKey(from: times.upperBound &+ 1, inOrder: keys, in: db)
        else { return nil }
        var found = from < end ? from...(end - 1) : nil
        for edge in Set([from, end]) {
            try scanSlack(around: edge, of: keys, in: db) { trade in
                guard times.contains(trade.time.microseconds) else { return }
                let key = TradeKey.keys(sharing: keys.lowerBound).lowerBound | trade.id
                found = min(found?.lowerBound ?? key, key)...max(found?.upperBound ?? key, key)
            }
        }
        return found
    }

    /// The least key from which on trades are not before a time, by binary search; nil when there are no trades.
    private static func firstKey(
        from time: Int64,
        inOrder keys: ClosedRange<Int64>,
        in db: Database
    ) throws -> Int64? {
        let stream = TradeKey.keys(sharing: keys.lowerBound).lowerBound
        guard let first = try neighbour(keys, isAscending: true, in: db),
            let last = try neighbour(keys, isAscending: false, in: db)
        else { return nil }
        guard first.time.microseconds < time else { return stream | first.id }
        var (low, high) = (stream | first.id, (stream | last.id) + 1)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if let trade = try neighbour(middle...(high - 1), isAscending: true, in: db),
                trade.time.microseconds < time
            {
                low = stream | trade.id
            } else {
                high = middle
            }
        }
        return high
    }

    /// Visits the trades before and from a key, in each direction as many as may be out of order.
    private static func scanSlack(
        around key: Int64,
        of keys: ClosedRange<Int64>,
        in db: Database,
        _ visit: (Trade) -> Void
    ) throws {
        if key > keys.lowerBound { try scanSlack(keys.lowerBound...(key - 1), isAscending: false, in: db, visit) }
        if key <= keys.upperBound { try scanSlack(key...keys.upperBound, isAscending: true, in: db, visit) }
    }

    private static func scanSlack(
        _ keys: ClosedRange<Int64>,
        isAscending: Bool,
        in db: Database,
        _ visit: (Trade) -> Void
    ) throws {
        var count = 0
        try scan(InstrumentID(0), keys: keys, isAscending: isAscending, in: db) { trade in
            visit(trade)
            count += 1
            return count < slack
        }
    }
}
