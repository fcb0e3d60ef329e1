import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// The three views that other programs read.
@Suite struct SchemaTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func rows(_ query: String, in store: SQLiteTradeStore) async throws -> [String] {
        try await store.database.read { db in
            try Row.fetchAll(db, sql: query).map { $0.databaseValues.map { "\($0)" }.joined(separator: " ") }
        }
    }

    @Test("the views have the columns of the contract, in order")
    func columns() async throws {
        let store = try Samples.store(folder.file())
        let columns = try await store.database.read { db in
            try ["trade", "bar", "hole"].map { view in
                try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info('\(view)') ORDER BY cid")
            }
        }
        #expect(
            columns == [
                ["venue", "symbol", "stream", "trade_id", "time_us", "price", "quantity", "taker_side"],
                [
                    "venue", "symbol", "timeframe", "open_time_us", "open", "high", "low", "close", "volume", "trades",
                    "state", "origin",
                ],
                ["venue", "symbol", "stream", "first_id", "last_id", "state"],
            ]
        )
        try await store.close()
    }

    @Test(
        "the view shows the exact text of a decimal",
        arguments: [
            "0.00000100", "12", "0.10", "61800.30", "0", "0.0", "0.000000000000000000", "9223372036854775807",
            "9.223372036854775807", "922337203685477580.7", "0.000000000000000001", "100000", "1.000", "10.0",
            "-0.05", "-12", "-9223372036854775807", "-0.000000000000000001", "55000.100000000000000000",
            "-10.0000000000000000000", "0.00000000000000000000", "0.0000000000000000010", "9223372036854775807.0",
            "1." + String(repeating: "0", count: 255),
        ]
    )
    func decimals(text: String) async throws {
        let store = try Samples.store(folder.file())
        let trades = [
            try Samples.trade(1, price: text, quantity: "2", side: .sell),
            try Samples.trade(2, price: "2", quantity: text, side: .buy),
        ]
        _ = try await store.write(StoreBatch(trades: trades))
        #expect(
            try await rows("SELECT price, quantity, taker_side, typeof(price) FROM trade", in: store) == [
                "\"\(text)\" \"2\" \"sell\" \"text\"", "\"2\" \"\(text)\" \"buy\" \"text\"",
            ]
        )
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)) == trades)
        try await store.close()
    }

    @Test("the view shows a trade with its names and its side")
    func tradeView() async throws {
        let store = try Samples.store(folder.file())
        let trades = [
            try Samples.trade(TradeKey.ids.upperBound - 1, side: .sell),
            try Samples.trade(0, of: Samples.eth, at: 1, side: .unknown), try Samples.trade(1, of: Samples.eth, at: 2),
        ]
        _ = try await store.write(StoreBatch(trades: trades))
        let query = "SELECT venue, symbol, stream, trade_id, time_us, taker_side FROM trade"
        #expect(
            try await rows(query, in: store) == [
                "\"binance-usdm\" \"BTCUSDT\" \"aggTrade\" 17592186044415 1723161256000000 \"sell\"",
                "\"binance-usdm\" \"ETHUSDT\" \"aggTrade\" 0 1723161257000000 \"unknown\"",
                "\"binance-usdm\" \"ETHUSDT\" \"aggTrade\" 1 1723161258000000 \"buy\"",
            ]
        )
        try await store.close()
    }

    @Test("the view shows a bar as numbers, a gap without prices, a timeframe with its last label")
    func barView() async throws {
        let store = try Samples.store(folder.file())
        var bar = try Samples.bar(2, close: 61_800)
        bar.timeframe = try #require(Timeframe("60s"))
        let gap = Bar(instrument: Samples.btc, timeframe: bar.timeframe, slot: 3, state: .gap, prices: nil)
        let carried = Bar(
            instrument: Samples.btc,
            timeframe: bar.timeframe,
            slot: 4,
            state: .carried,
            origin: .klines,
            prices: .carried(5)
        )
        _ = try await store.write(StoreBatch(bars: [bar, gap, carried]))
        let query = """
            SELECT timeframe, open_time_us, open, close, volume, trades, state, origin, typeof(close) FROM bar
            ORDER BY open_time_us
            """
        #expect(
            try await rows(query, in: store) == [
                "\"60s\" 120000000 61799.0 61800.0 12.5 7 \"traded\" \"trades\" \"real\"",
                "\"60s\" 180000000 NULL NULL NULL NULL \"gap\" \"trades\" \"null\"",
                "\"60s\" 240000000 5.0 5.0 0.0 0 \"carried\" \"klines\" \"real\"",
            ]
        )
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(5)]))
        let labels = try await store.database.read {
            try String.fetchAll($0, sql: "SELECT DISTINCT timeframe FROM bar")
        }
        #expect(labels == ["1m"])
        try await store.close()
    }

    @Test("the view shows a gap with its state", arguments: IDGapState.allCases)
    func gapView(state: IDGapState) async throws {
        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(gapChanges: [.put(Samples.gap(3...9, of: Samples.eth, state: state))]))
        #expect(
            try await rows("SELECT * FROM hole", in: store) == [
                "\"binance-usdm\" \"ETHUSDT\" \"aggTrade\" 3 9 \"\(state.rawValue)\""
            ]
        )
        try await store.close()
    }

    @Test(
        "a query for one instrument searches by key, and reads no rows of others",
        arguments: [
            (
                "SELECT * FROM trade WHERE venue = 'v' AND symbol = 's'",
                "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
            ),
            (
                "SELECT count(*) FROM trade WHERE symbol = 's' AND stream = 'aggTrade' AND time_us > 5",
                "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
            ),
            (
                "SELECT close FROM bar WHERE venue = 'v' AND symbol = 's' AND timeframe = '1m'",
                "SEARCH b USING PRIMARY KEY (instrument_id=? AND timeframe_us=?)"
            ),
            (
                "DELETE FROM raw_reading_state WHERE (y_id = 1 OR x_id = 1) AND timeframe_us = 1 AND slot >= 1",
                "SEARCH raw_reading_state USING INDEX raw_reading_state_by_x (x_id=? AND timeframe_us=?)"
            ),
        ]
    )
    func queryPlans(query: String, expected: String) async throws {
        let store = try Samples.store(folder.file())
        let plan = try await store.database.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query).map { $0["detail"] as String }
        }
        #expect(plan.contains(expected), "\(plan)")
        try await store.close()
    }

    @Test("a database of an older version keeps its rows and gets the missing tables", arguments: [1, 2, 3])
    func migration(version: Int) async throws {
        let folder = try TemporaryFolder()
        let old = try Samples.store(folder.file())
        _ = try await old.write(StoreBatch(trades: try Samples.trades(1...9), bars: [try Samples.bar(1)]))
        let views = try await rows("SELECT name, sql FROM sqlite_schema WHERE type = 'view'", in: old)
        let tables = try await rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table'", in: old)
        try await old.database.write { db in
            try db.execute(sql: "DROP VIEW trade; CREATE VIEW trade AS SELECT 'old'; PRAGMA user_version = \(version)")
            if version < 3 { try db.execute(sql: "DROP TABLE raw_reading_state") }
            if version < 2 { try db.execute(sql: "DROP TABLE raw_import") }
        }
        try await old.close()

        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(states: [try Samples.state(1)]))
        let minute = try Samples.minute()
        #expect(
            try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute) == [try Samples.state(1)]
        )
        #expect(try await store.isImported(checksum: "c", into: Samples.btc) == false)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).count == 9)
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, last: 9) == [try Samples.bar(1)])
        let foundViews = try await rows("SELECT name, sql FROM sqlite_schema WHERE type = 'view'", in: store)
        #expect(Set(foundViews) == Set(views))
        let found = try await rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table'", in: store)
        #expect(Set(found) == Set(tables))
        #expect(try await rows("PRAGMA user_version", in: store) == ["\(Schema.version)"])
        try await store.close()
    }

    @Test("the tables are strict, and the file has the application id")
    func header() async throws {
        let store = try Samples.store(folder.file())
        let (lenient, application, version) = try await store.database.read { db in
            (
                try String.fetchAll(db, sql: "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"),
                try Int.fetchOne(db, sql: "PRAGMA application_id"), try Int.fetchOne(db, sql: "PRAGMA user_version")
            )
        }
        #expect(lenient.allSatisfy { $0.hasPrefix("sqlite_") }, "\(lenient)")
        #expect(application == 0x5041_4952)
        #expect(version == Schema.version)
        try await store.close()
    }
}
