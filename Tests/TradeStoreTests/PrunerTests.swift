import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

@Suite struct PrunerTests {
    private static let everything = Samples.time(100_000_000)
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fill(_ store: SQLiteTradeStore, _ ids: ClosedRange<Int64>) async throws {
        for instrument in [Samples.btc, Samples.eth] {
            _ = try await store.write(StoreBatch(trades: try Samples.trades(ids, of: instrument)))
        }
    }

    @Test("no transaction of a pruning changes more than 2,000 rows, however many are old")
    func smallSteps() async throws {
        let store = try Samples.store(folder.file())
        try await fill(store, 1...5_001)
        _ = try await store.write(StoreBatch(bars: try (1...4_500).map { try Samples.bar($0) }))
        let transactions = TransactionSizes()
        store.database.add(transactionObserver: transactions, extent: .databaseLifetime)
        let outcome = try await store.prune(
            [Samples.btc, Samples.eth],
            tradesBefore: Self.everything,
            bars: [(try Samples.minute(), before: Self.everything)]
        )
        #expect(outcome == PruneOutcome(trades: 10_000, bars: 4_500))
        // Changes of bars are not counted: their table has no rowid.
        #expect(transactions.sizes.filter { $0 > 0 } == [2_000, 2_000, 1_000, 2_000, 2_000, 1_000])
        try await store.close()
    }

    @Test("a long pruning moves the log into the database meanwhile, beside the writer")
    func logRelief() async throws {
        let store = try Samples.store(folder.file())
        try await fill(store, 1...30_000)
        try await store.database.writeWithoutTransaction { db in
            // No commit moves the log.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            _ = try db.checkpoint(.truncate)
        }
        let atRest = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        _ = try await store.prune(tradesBefore: Self.everything, bars: [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) != atRest)
        try await store.close()
    }

    @Test("pruning makes the file smaller")
    func shrinking() async throws {
        let store = try Samples.store(folder.file())
        try await fill(store, 1...100_000)
        try await store.close()
        let full = DatabaseFile.size(path: store.path)
        let again = try Samples.store(store.path)
        _ = try await again.prune(tradesBefore: Samples.time(90_000), bars: [])
        try await again.close()
        let pruned = DatabaseFile.size(path: store.path)
        // A tenth of the trades and the free pages kept for new rows.
        #expect(pruned < full / 10 + 2_000 * 4_096, "\(full) bytes before, \(pruned) after")
    }

    @Test("a file that is written and pruned in turns stops growing")
    func bounded() async throws {
        let store = try Samples.store(folder.file())
        var sizes: [Int] = []
        for round in Int64(0)..<8 {
            try await fill(store, (round * 5_000 + 1)...(round * 5_000 + 5_000))
            _ = try await store.prune(tradesBefore: Samples.time((round - 1) * 5_000), bars: [])
            sizes.append(try await store.reading { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 })
        }
        // Two rounds are kept; a third is written before the first of them is removed.
        #expect(sizes[3...].allSatisfy { $0 <= sizes[2] + sizes[0] / 10 }, "\(sizes) pages")
        try await store.close()
    }
}
