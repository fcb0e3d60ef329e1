import Foundation
import GRDB
import GRDBSQLite

/// Opens database files, and says in ``StoreError`` why that fails.
enum DatabaseFile {
    /// The path that stands for a database in memory.
    static let memoryPath = ":memory:"

    /// The length to which SQLite shortens a log that has been longer.
    static let keptLogSize: Int64 = 67_108_864

    /// How often a write looks, a millisecond apart, whether another process has ended its transaction. SQLite's own
    /// pauses are so long that one busy process keeps the others out.
    private static let attempts = 1_000

    /// Opens a database for reading and writing, and makes it when there is none. The caller holds its lock.
    static func openForWriting(path: String, synchronous: SynchronousMode) throws(StoreError) -> any DatabaseWriter {
        var configuration = Configuration()
        configuration.label = "TradeStore"
        // Above that, where the system permits it, its threads go before those that take trades and answer scrapes.
        configuration.qos = .default
        configuration.busyMode = .callback { attempt in
            usleep(1_000)
            return attempt < attempts
        }
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { db in
            guard !db.configuration.readonly else {
                // Reads go through histories from end to end, of which no cache keeps a part until the next time.
                return try db.execute(sql: "PRAGMA cache_size = -512")
            }
            guard sqlite3_db_readonly(db.sqliteConnection, "main") != 1 else { throw StoreError.readOnly(path: path) }
            if try !Schema.isPresent(in: db, path: path) {
                // Takes effect only before the first table: what retention frees can be given back to the disk.
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            // Pruned prices are no secret: do not write zeros over them.
            try db.execute(sql: "PRAGMA secure_delete = OFF")
            // Four times the default: with many streams a page is written again in nearly every transaction, and the
            // log collects that.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try db.execute(sql: "PRAGMA journal_size_limit = \(keptLogSize)")
        }
        do {
            if path == memoryPath { return try DatabaseQueue(configuration: configuration) }
            let pool = try DatabasePool(path: resolved(path), configuration: configuration)
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
            }
            return pool
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Sets how much memory the writer's cache may use. Each stream has pages of its own that grow; what is more than
    /// these need would fill with pages that nobody asks for again.
    /// - Parameter streams: how many are written; nil for an import, which may write anywhere.
    static func setCacheSize(streams: Int?, in db: Database) throws {
        let kibibytes = streams.map { min(512 + 64 * min($0, 1_000), 16_384) } ?? 16_384
        try db.execute(sql: "PRAGMA cache_size = -\(kibibytes)")
    }

    /// Opens a database that this process holds already, for checkpoints beside its writer.
    static func openForCheckpoints(path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "TradeStore.checkpoints"
        configuration.qos = .default
        // Where the file is gone, none is made.
        return try DatabaseQueue(path: address(of: path, query: "mode=rw"), configuration: configuration)
    }

    /// Opens an existing database of ours for reading only.
    static func openForReading(path: String) throws(StoreError) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
        try checkIsFile(path)
        var configuration = Configuration()
        configuration.label = "TradeStore.reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            guard try Schema.isPresent(in: db, path: path) else { throw StoreError.foreignDatabase(path: path) }
        }
        do {
            return try DatabaseQueue(path: resolved(path), configuration: configuration)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN && isAtRest(path) {
            // In a folder that permits no log beside it, a database that nobody has open can still be read.
            let address = address(of: path, query: "immutable=1")
            if let database = try? DatabaseQueue(path: address, configuration: configuration) { return database }
            throw StoreError(error, path: path)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// A file's name with options, as SQLite reads it.
    private static func address(of path: String, query: String) -> String {
        var address = URLComponents()
        address.scheme = "file"
        address.path = resolved(path)
        address.query = query
        return address.string ?? resolved(path)
    }

    /// Whether the database is all in its one file.
    private static func isAtRest(_ path: String) -> Bool {
        let log = try? FileManager.default.attributesOfItem(atPath: resolved(path) + "-wal")
        return ((log?[.size] as? NSNumber)?.intValue ?? 0) == 0
    }

    /// Makes the folder that is to hold the database, with its parents.
    static func makeFolder(for path: String) throws(StoreError) {
        try checkIsFile(path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            let reason = "its folder cannot be made (\(error.localizedDescription))"
            throw .cannotOpen(path: path, reason: reason)
        }
    }

    /// The path without symbolic links, so that all names of a file share its lock and its log.
    static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    /// The size of the database with its write-ahead log.
    static func size(path: String) -> Int64 {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path) + suffix)
            return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
    }

    private static func checkIsFile(_ path: String) throws(StoreError) {
        var isFolder: ObjCBool = false
        if path.isEmpty { throw .cannotOpen(path: path, reason: "the path is empty") }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw .cannotOpen(path: path, reason: "it is a folder")
        }
    }
}
