import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

@Suite struct SQLiteTradeStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(
        "the cache has the size that the streams need, also after others are added",
        arguments: [(2, 640), (900, 16_384)]
    )
    func cacheSize(streams: Int, kibibytes: Int) async throws {
        let table = StreamTable(
            (0..<streams).map {
                TradeStream(instrument: Instrument(venue: .simulated, symbol: "S\($0)"), name: "trade")
            }
        )
        let store = try SQLiteTradeStore(path: folder.file(), synchronous: .normal, streams: table)
        let readSize = { @Sendable (db: Database) in try Int.fetchOne(db, sql: "PRAGMA cache_size") }
        #expect(try await store.writing(readSize) == -kibibytes)
        #expect(try await store.reading(readSize) == -512)
        _ = try await store.add(Samples.streams.streams)
        #expect(try await store.writing(readSize) == -min(16_384, 512 + 64 * (streams + 2)))
        try await store.close()
    }

    @Test("a completed write survives the process, without a close")
    func crash() async throws {
        let store = try Samples.store(folder.file())
        let gap = IDGapChange.put(Samples.gap(101...110))
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...100)))
        _ = try await store.write(StoreBatch(trades: try Samples.trades(111...120), gapChanges: [gap]))

        // The files as a killed process leaves them.
        let crashed = try TemporaryFolder()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: folder.file() + suffix, toPath: crashed.file() + suffix)
        }
        let recovered = try Samples.store(crashed.file())
        let ids = try await recovered.trades(of: Samples.btc, from: Samples.time(0)).map(\.id)
        #expect(ids == Array(1...100) + Array(111...120))
        #expect(try await recovered.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(101...110)])
        try await recovered.close()
        try await store.close()
    }

    @Test("a log torn in its last transaction loses that transaction and nothing else")
    func tornLog() async throws {
        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...100)))
        _ = try await store.write(StoreBatch(trades: try Samples.trades(101...200)))
        let crashed = try TemporaryFolder()
        for suffix in ["", "-wal"] {
            let data = try Data(contentsOf: URL(fileURLWithPath: folder.file() + suffix))
            let torn = suffix.isEmpty ? data : data.dropLast(100)
            try torn.write(to: URL(fileURLWithPath: crashed.file() + suffix))
        }
        try await store.close()
        let recovered = try Samples.store(crashed.file())
        #expect(try await recovered.trades(of: Samples.btc, from: Samples.time(0)).map(\.id) == Array(1...100))
        try await recovered.close()
    }

    @Test("a full disk keeps nothing of the batch, and writing continues when there is space")
    func fullDisk() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...100)))
        try await store.database.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        let batch = StoreBatch(
            trades: try Samples.trades(101...2000),
            gapChanges: [.put(Samples.gap(2001...2002))]
        )
        await #expect(throws: StoreError.diskFull(path: path)) { try await store.write(batch) }
        #expect(try await store.lastTrade(of: Samples.btc)?.id == 100)
        #expect(try await store.openGaps(of: Samples.btc) == [])

        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        #expect(try await store.write(batch) == 1900)
        try await store.close()
    }

    @Test("a lock held by another connection is a temporary error")
    func lockedFile() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let batch = StoreBatch(trades: [try Samples.trade(1)])
        await #expect(throws: StoreError.locked(path: path)) { try await store.write(batch) }
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await store.write(batch) == 1)
        try other.close()
        try await store.close()
    }

    @Test("a damaged page is reported as damage")
    func damagedPage() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...10_000)))
        try await store.close()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: size / 2)
        try file.write(contentsOf: Data(repeating: 0xAA, count: Int(size / 2)))
        try file.close()

        let damaged = try Samples.store(path)
        let error = await #expect(throws: StoreError.self) {
            try await damaged.trades(of: Samples.btc, from: Samples.time(0))
        }
        guard case .corrupt(path, _) = error else {
            Issue.record("\(String(describing: error)) is not about damage")
            return
        }
        try await damaged.close()
    }

    @Test("damage found while running is reported, and writing continues once the file is repaired")
    func damageWhileRunning() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...1_000)))
        // Its pages are in the file then, and each transaction of another connection makes the store read them again.
        let other = try DatabaseQueue(path: path)
        try await other.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: 4_096)
        let whole = try #require(try file.readToEnd())
        try overwrite(file, with: Data(repeating: 0xAA, count: whole.count))
        try await other.write { db in try db.execute(sql: "PRAGMA user_version = \(Schema.version)") }

        let batch = StoreBatch(trades: try Samples.trades(1_001...1_010))
        let error = await #expect(throws: StoreError.self) { try await store.write(batch) }
        guard case .corrupt(path, _) = error else {
            Issue.record("\(String(describing: error)) is not about damage")
            return
        }
        try overwrite(file, with: whole)
        try await other.write { db in try db.execute(sql: "PRAGMA user_version = \(Schema.version)") }
        #expect(try await store.write(batch) == 10)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).map(\.id) == Array(1...1_010))
        try other.close()
        try await store.close()
    }

    private func overwrite(_ file: FileHandle, with data: Data) throws {
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: data)
    }

    @Test("trades take 40 bytes on disk at most")
    func bytesPerTrade() async throws {
        let store = try Samples.store(folder.file())
        let count = 50_000
        for start in stride(from: 0, to: count, by: 1000) {
            let trades = try (start..<start + 1000).map { index in
                let instrument = InstrumentID(index.isMultiple(of: 3) ? 0 : 1)
                return try Samples.trade(3_000_000_000 + Int64(index), of: instrument, at: Int64(index))
            }
            _ = try await store.write(StoreBatch(trades: trades))
        }
        try await store.close()
        #expect(DatabaseFile.size(path: folder.file()) <= Int64(count * 40))
    }

    @Test("a closed database is one file, and its lock is free")
    func closedFiles() async throws {
        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...100)))
        _ = try await store.trades(of: Samples.btc, from: Samples.time(0))
        try await store.close()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["pairs.sqlite", "pairs.sqlite.lock"])
        try await Samples.store(folder.file()).close()
    }

    @Test("closing waits for running operations, and later ones are refused")
    func closingUnderLoad() async throws {
        let store = try Samples.store(folder.file())
        let written = CallCounter()
        await withTaskGroup { group in
            for id in Int64(0)..<200 {
                group.addTask {
                    do {
                        _ = try await store.write(StoreBatch(trades: [try Samples.trade(id)]))
                        written.add()
                        _ = try await store.lastTrade(of: Samples.btc)
                    } catch {
                        #expect(error is StoreError)
                    }
                }
                if id == 50 { group.addTask { await #expect(throws: Never.self) { try await store.close() } } }
            }
        }
        let reopened = try Samples.store(folder.file())
        #expect(try await reopened.trades(of: Samples.btc, from: Samples.time(0)).count == written.count)
        try await reopened.close()
    }

    @Test("batches of several instruments are one transaction")
    func batches() async throws {
        let store = try SQLiteTradeStore(path: folder.file(), synchronous: .normal, streams: Samples.streams)
        let sizes = TransactionSizes()
        store.database.add(transactionObserver: sizes)
        _ = try await store.write(StoreBatch(trades: Samples.trades(1...3)))
        let times = Samples.time(0)...Samples.time(9)
        let sources = try await store.tradeSources(of: Samples.btc, in: times)
        let present = try await store.presentTrades(of: Samples.btc, in: sources, times: times)
        let replaced = try await present.rows(at: [Samples.time(1)]).flatMap(\.self)
        let before = sizes.sizes.count
        let new = try await store.write([
            ReplacingBatch(StoreBatch(trades: Samples.trades(2...9)), inPlaceOf: replaced),
            ReplacingBatch(StoreBatch(trades: Samples.trades(1...4, of: Samples.eth))),
        ])
        #expect(new == [6, 4] && sizes.sizes.count == before + 1)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).map(\.id) == Array(2...9))
        try await store.close()
    }
}
