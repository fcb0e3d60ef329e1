import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Opening: what is refused, and with which error.
@Suite struct DatabaseFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("missing folders are created")
    func missingFolder() async throws {
        let path = folder.file("a/b/pairs.sqlite")
        try await Samples.store(path).close()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test("an error names a folder that cannot be created, and a folder in place of the file")
    func impossiblePaths() throws {
        let file = folder.file("file")
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        for path in [file + "/pairs.sqlite", folder.path, ""] {
            let error = #expect(throws: StoreError.self) { try Samples.store(path) }
            guard case .cannotOpen(path, _) = error else {
                Issue.record("\(String(describing: error)) is not about the path")
                return
            }
        }
    }

    @Test("a file that is not a database is not changed")
    func notADatabase() throws {
        let path = folder.file()
        let text = Data(String(repeating: "ts,price\n", count: 200).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.notADatabase(path: path)) { try Samples.store(path) }
        #expect(throws: StoreError.notADatabase(path: path)) { try SQLiteReader(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test("a database of another program is not changed", arguments: ["CREATE TABLE t (x)", "PRAGMA user_version = 3"])
    func foreignDatabase(sql: String) throws {
        let path = folder.file()
        let other = try DatabaseQueue(path: path)
        try other.writeWithoutTransaction { try $0.execute(sql: sql) }
        try other.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: StoreError.foreignDatabase(path: path)) { try Samples.store(path) }
        #expect(throws: StoreError.foreignDatabase(path: path)) { try SQLiteReader(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("an empty file becomes a database, but a reader refuses it")
    func emptyFile() async throws {
        let path = folder.file()
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.foreignDatabase(path: path)) { try SQLiteReader(path: path) }
        let store = try Samples.store(path)
        #expect(try await store.write(StoreBatch(trades: [try Samples.trade(1)])) == 1)
        try await store.close()
    }

    @Test("a database from a newer version is refused, and the error says what to do")
    func newerVersion() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        try await store.database.write { try $0.execute(sql: "PRAGMA user_version = 7") }
        try await store.close()
        let expected = StoreError.newerVersion(path: path, found: 7, supported: Schema.version)
        #expect(throws: expected) { try Samples.store(path) }
        #expect(throws: expected) { try SQLiteReader(path: path) }
        #expect("\(expected)".contains(path) && "\(expected)".contains("newer pairs-exporter"))
    }

    @Test("a second writer is refused while the first is open, also by another name of the file")
    func secondWriter() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        #expect(throws: StoreError.databaseInUse(path: path)) { try Samples.store(path) }
        let link = folder.file("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: StoreError.databaseInUse(path: link)) { try Samples.store(link) }
        try await store.close()
        try await Samples.store(link).close()
    }

    @Test(
        "a read-only file and a read-only folder are refused",
        .enabled(if: geteuid() != 0, "root may read and write every file")
    )
    func readOnly() async throws {
        let path = folder.file()
        try await Samples.store(path).close()
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
        #expect(throws: StoreError.readOnly(path: path)) { try Samples.store(path) }
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
        let new = folder.file("new.sqlite")
        #expect(throws: StoreError.readOnly(path: new)) { try Samples.store(new) }
    }

    @Test(
        "SQLite uses the configured synchronous mode",
        arguments: [(SynchronousMode.normal, 1), (SynchronousMode.full, 2)]
    )
    func synchronous(mode: SynchronousMode, expected: Int) async throws {
        let store = try SQLiteTradeStore(path: folder.file(), synchronous: mode, streams: Samples.streams)
        let (level, journal) = try await store.database.writeWithoutTransaction { db in
            (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
        }
        #expect(level == expected)
        #expect(journal == "wal")
        try await store.close()
    }
}
