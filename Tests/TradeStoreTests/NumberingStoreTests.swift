import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// Ids of several numberings, and rows with invalid values.
@Suite struct NumberingStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("Each numbering is a separate stream, and the next run continues the newest")
    func numberings() async throws {
        let base = TradeNumbering.base(of: 1)
        let path = folder.file()
        var store = try Samples.store(path)
        let first = StoreBatch(
            trades: try Samples.trades(10...20),
            gapChanges: [.put(Samples.gap(5...9)), .put(Samples.gap(13...13))]
        )
        #expect(try await store.write(first) == 11)
        let second = StoreBatch(
            trades: try (Int64(1)...5).map { try Samples.trade(base + $0, at: 100 + $0) },
            gapChanges: [
                .put(Samples.gap(base...base)), .remove(instrument: Samples.btc, firstID: 13),
                .put(Samples.gap(5...9, state: .unrepairable)),
            ]
        )
        #expect(try await store.write(second) == 5)
        #expect(try await store.write(second) == 0)
        try await store.close()

        store = try Samples.store(path)
        #expect(try await store.lastTrade(of: Samples.btc)?.id == base + 5)
        #expect(try await store.lastKnownID(of: Samples.btc) == base + 5)
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(base...base)])
        #expect(try await store.unrepairableGaps(of: Samples.btc).map(\.gap.firstID) == [5])
        let ids = try await store.trades(of: Samples.btc, from: Samples.time(15)).map(\.id)
        #expect(ids == Array(15...20) + (1...5).map { base + $0 })
        try await store.close()

        let database = try DatabaseQueue(path: path)
        let rows = try await database.read { db in
            try String.fetchAll(db, sql: "SELECT stream || ' ' || trade_id FROM trade ORDER BY time_us, trade_id")
        }
        #expect(rows == (10...20).map { "aggTrade \($0)" } + (1...5).map { "aggTrade-2 \($0)" })
        let gaps = try await database.read { db in
            try String.fetchAll(db, sql: "SELECT stream || ' ' || first_id || ' ' || state FROM hole ORDER BY 1")
        }
        #expect(gaps == ["aggTrade 5 unrepairable", "aggTrade-2 0 open"])
        try database.close()
    }

    @Test("A transaction that fails adds no numbering")
    func failedTransaction() async throws {
        let store = try Samples.store(folder.file())
        let base = TradeNumbering.base(of: 1)
        let trade = try Samples.trade(base + 1)
        try await store.writing { db in try db.execute(sql: "ALTER TABLE raw_bar RENAME TO gone") }
        let failing = StoreBatch(trades: [trade], bars: [try Samples.bar(1)])
        await #expect(throws: StoreError.self) { try await store.write(failing) }
        try await store.writing { db in try db.execute(sql: "ALTER TABLE gone RENAME TO raw_bar") }
        #expect(try await store.write(failing) == 1)
        #expect(try await store.lastTrade(of: Samples.btc)?.id == base + 1)
        try await store.close()
    }

    @Test(
        "An invalid gap is reported and left out, and the others are read",
        arguments: [
            "UPDATE raw_hole SET last_id = first_id - 5 WHERE first_id = 15",
            "UPDATE raw_hole SET last_id = 9223372036854775807 WHERE first_id = 15",
            "UPDATE raw_hole SET first_id = -9223372036854775808 WHERE first_id = 15",
            "UPDATE raw_hole SET first_id = -3, last_id = -1 WHERE first_id = 15",
            "UPDATE raw_hole SET last_id = 25 WHERE first_id = 15",
            "UPDATE raw_hole SET first_id = 17592186044415, last_id = 17592186044415 WHERE first_id = 15",
            "UPDATE raw_hole SET first_id = 9223372036854775807, last_id = 9223372036854775807 WHERE first_id = 15",
        ]
    )
    func damagedGaps(sql: String) async throws {
        let store = try Samples.store(folder.file())
        let trades = try Samples.trades(1...40).filter { ![15, 30].contains($0.id) }
        let changes: [IDGapChange] = [.put(Samples.gap(15...15)), .put(Samples.gap(30...30))]
        _ = try await store.write(StoreBatch(trades: trades, gapChanges: changes))
        try await store.writing { db in try db.execute(sql: sql) }
        for _ in 0..<2 {
            #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(30...30)])
            #expect(try await store.lastKnownID(of: Samples.btc) == 40)
        }
        #expect(store.damagedRows.count == 1)
        #expect(store.damagedRows.first?.row.hasPrefix("raw_hole of stream_id 1 (aggTrade)") == true)
        try await store.close()
    }

    @Test(
        "Invalid trades and bars are reported and left out",
        arguments: [
            "UPDATE raw_trade SET time_us = 9223372036854775807 WHERE key & 1023 > 35",
            "UPDATE raw_trade SET time_us = -9223372036854775808 WHERE key & 1023 > 35",
            "UPDATE raw_trade SET price = -9223372036854775808 WHERE key & 1023 > 35",
            "UPDATE raw_trade SET quantity = -9223372036854775808 WHERE key & 1023 > 35",
            "UPDATE raw_trade SET format = 31 WHERE key & 1023 > 35",
            "UPDATE raw_trade SET format = -1 WHERE key & 1023 > 35",
        ]
    )
    func damagedTrades(sql: String) async throws {
        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...40)))
        try await store.writing { db in try db.execute(sql: sql) }
        #expect(try await store.lastTrade(of: Samples.btc)?.id == 35)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(30)).map(\.id) == Array(30...35))
        #expect(store.damagedRows.count == 5)
        try await store.close()
    }

    @Test(
        "An invalid bar is left out at any position",
        arguments: [
            "UPDATE raw_bar SET slot = 9223372036854775807 WHERE slot = 28719354",
            "UPDATE raw_bar SET slot = -9223372036854775808 WHERE slot = 28719354",
            "UPDATE raw_bar SET state = 7 WHERE slot = 28719354",
            "UPDATE raw_bar SET close = NULL WHERE slot = 28719354",
            "UPDATE raw_bar SET high = 9e999 WHERE slot = 28719354",
            "UPDATE raw_bar SET trades = -1 WHERE slot = 28719354",
        ]
    )
    func damagedBars(sql: String) async throws {
        let store = try Samples.store(folder.file())
        let slots = Int64(28_719_350)...28_719_354
        _ = try await store.write(StoreBatch(bars: try slots.map { try Samples.bar($0) }))
        try await store.writing { db in try db.execute(sql: sql) }
        let bars = try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: 5)
        #expect(bars.map(\.slot).suffix(4) == Array(slots.prefix(4)))
        #expect(store.damagedRows.count == 1)
        try await store.close()
    }
}
