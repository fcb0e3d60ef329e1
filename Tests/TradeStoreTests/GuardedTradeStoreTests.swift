import Foundation
import GRDB
import Logging
import MarketData
import Synchronization
import TestSupport
import Testing

@testable import TradeStore

@Suite struct GuardedTradeStoreTests {
    private let folder: TemporaryFolder
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.file() }

    private func store(
        _ onReplacement: FileReplacement = .begin,
        streams: StreamTable = Samples.streams,
        onChange: @escaping @Sendable () -> Void = {}
    ) async throws -> GuardedTradeStore {
        try await GuardedTradeStore(
            path: path,
            synchronous: .normal,
            onReplacement: onReplacement,
            streams: streams,
            logger: logger,
            onChange: onChange
        )
    }

    private func remove() throws {
        for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func ids(_ store: any TradeStore) async throws -> [Int64] {
        try await store.trades(of: Samples.btc, from: Samples.time(0)).map(\.id)
    }

    @Test("After the file is removed a new one begins with the next trade, without earlier ids")
    func removed() async throws {
        let changes = Mutex(0)
        let store = try await store(onChange: { changes.withLock { $0 += 1 } })
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        try remove()
        let batch = StoreBatch(trades: try Samples.trades(6...8))
        let moved = await #expect(throws: StoreMoved.self) { try await store.write(batch) }
        #expect(moved?.missing.isEmpty == true)
        #expect(try await store.write(batch) == 3)
        let late = StoreBatch(
            trades: [try Samples.trade(3)],
            gapChanges: [
                .put(IDGap(instrument: Samples.btc, firstID: 2, lastID: 2, state: .open)),
                .put(IDGap(instrument: Samples.btc, firstID: 5, lastID: 9, state: .open)),
            ]
        )
        #expect(try await store.write(late) == 0)
        #expect(try await ids(store) == [6, 7, 8])
        let gaps = try await DatabaseQueue(path: path).read { db in
            try Int64.fetchAll(db, sql: "SELECT first_id FROM raw_hole")
        }
        #expect(gaps == [6])
        #expect(changes.withLock { $0 } == 1)
        try await store.close()
        #expect(try await ids(self.store()) == [6, 7, 8])
    }

    @Test("With an older copy the missing ids are requested and recorded as a gap")
    func olderCopy() async throws {
        let first = try await store()
        _ = try await first.write(StoreBatch(trades: try Samples.trades(1...5)))
        try await first.close()
        try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
        let store = try await store()
        let writer = StoreWriter(store: store, logger: logger)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(6...9)))
        try await writer.flush(within: .seconds(10))
        #expect(rename(path + ".copy", path) == 0)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(8...12)))
        try await writer.flush(within: .seconds(10))
        #expect(try await ids(store) == [1, 2, 3, 4, 5, 8, 9, 10, 11, 12])
        let gap = IDGap(instrument: Samples.btc, firstID: 6, lastID: 7, state: .open)
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [gap])
        #expect(await writer.missing(of: [Samples.btc, Samples.eth]).map(\.ids) == [6...7])
        #expect(writer.metrics.droppedIDs[Samples.btc]?.count == 2)
        #expect(try await writer.restore(Samples.trades(6...7)).isEmpty)
        try await writer.flush(within: .seconds(10))
        #expect(try await ids(store) == Array(1...12))
        #expect(try await store.openGaps(of: Samples.btc).isEmpty)
        #expect(writer.metrics.droppedIDs[Samples.btc]?.count == 0)
        try await writer.shutdown(within: .seconds(10))
    }

    @Test("With on_file_replaced: stop nothing is written until the file is back")
    func stop() async throws {
        let store = try await store(.stop)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        #expect(rename(path, path + ".away") == 0)
        let batch = StoreBatch(trades: try Samples.trades(6...8))
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) { try await store.write(batch) }
            guard case .fileReplaced = error else { Issue.record("\(String(describing: error))"); continue }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(rename(path + ".away", path) == 0)
        #expect(try await store.write(batch) == 3)
        try await store.close()
        #expect(try await ids(self.store()) == Array(1...8))
    }

    @Test("A removed log or lock is created again, and nothing is lost", arguments: [["-wal", "-shm"], [".lock"]])
    func recovered(suffixes: [String]) async throws {
        let store = try await store()
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        for suffix in suffixes { try FileManager.default.removeItem(atPath: path + suffix) }
        let batch = StoreBatch(trades: try Samples.trades(6...8))
        await #expect(throws: StoreMoved.self) { try await store.write(batch) }
        #expect(try await store.write(batch) == 3)
        #expect(try await ids(store) == Array(1...8))
        for suffix in suffixes { #expect(FileManager.default.fileExists(atPath: path + suffix)) }
        let error = #expect(throws: StoreError.self) {
            try SQLiteTradeStore(path: path, synchronous: .normal, streams: Samples.streams)
        }
        #expect(error == .databaseInUse(path: path))
        try await store.close()
    }

    @Test("The rest of a truncated log is used, and what was cut off is missing")
    func cutLog() async throws {
        let store = try await store()
        for id in Int64(1)...20 { _ = try await store.write(StoreBatch(trades: [try Samples.trade(id, at: id)])) }
        let log = try #require(FileHandle(forUpdatingAtPath: path + "-wal"))
        let size = try log.seekToEnd()
        try log.truncate(atOffset: size - size / 4)
        try log.close()
        let batch = StoreBatch(trades: [try Samples.trade(21, at: 21)])
        let moved = await #expect(throws: StoreMoved.self) { try await store.write(batch) }
        #expect(try await store.write(batch) == 1)
        let kept = try await ids(store)
        let missing = try #require(moved?.missing.first?.ids)
        #expect(kept.count < 21 && kept == Array(1..<missing.lowerBound) + [21] && missing.upperBound == 20)
        try await store.close()
        #expect(try await ids(self.store()) == kept)
    }

    @Test("A file of another program is not changed, and the store continues after it is removed")
    func foreign() async throws {
        let store = try await store()
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        let foreign = Data("not a database, and longer than the head of one: it stays as it is, byte by byte".utf8)
        try foreign.write(to: URL(fileURLWithPath: path + ".other"))
        #expect(rename(path + ".other", path) == 0)
        let batch = StoreBatch(trades: try Samples.trades(6...8))
        await #expect(throws: StoreError.self) { try await store.write(batch) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == foreign)
        try FileManager.default.removeItem(atPath: path)
        await #expect(throws: StoreMoved.self) { try await store.write(batch) }
        #expect(try await store.write(batch) == 3)
        try await store.close()
    }
}
