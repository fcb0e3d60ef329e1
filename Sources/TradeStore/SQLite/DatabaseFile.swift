import Foundation
import GRDB
import GRDBSQLite

/// Opens database files, and reports failures as ``StoreError``.
enum DatabaseFile {
    /// The length in bytes to which SQLite truncates a longer log.
    static let keptLogSize: Int64 = 67_108_864

    /// How many times a write checks, a millisecond apart, whether another process has ended its transaction. SQLite's
    /// own pauses are so long that one busy process blocks the others.
    private static let attempts = 1_000

    /// Opens a database for reading and writing, and creates it when there is none. The caller holds its lock.
    static func openForWriting(path: String, synchronous: SynchronousMode) throws(StoreError) -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "TradeStore"
        // With a higher class, where the system supports it, these threads would run before those of trades and
        // scrapes.
        configuration.qos = .default
        configuration.busyMode = .callback { attempt in
            usleep(1_000)
            return attempt < attempts
        }
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { db in
            guard !db.configuration.readonly else {
                // Reads scan long histories once, so a cache has no use.
                return try db.execute(sql: "PRAGMA cache_size = -512")
            }
            guard sqlite3_db_readonly(db.sqliteConnection, "main") != 1 else { throw StoreError.readOnly(path: path) }
            if try !Schema.isPresent(in: db, path: path) {
                // Only effective before the first table: returns the pages that retention frees to the disk.
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            // Removed prices are no secret: do not overwrite them with zeros.
            try db.execute(sql: "PRAGMA secure_delete = OFF")
            // Four times the default: with many streams nearly every transaction writes the same pages again, and a
            // longer log merges these writes.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try db.execute(sql: "PRAGMA journal_size_limit = \(keptLogSize)")
        }
        do {
            let pool = try DatabasePool(path: resolved(path), configuration: configuration)
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
            }
            return pool
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Sets the memory limit of the writer's cache. Each stream has its own pages that grow; a larger cache would fill
    /// with pages that are not read again.
    /// - Parameter streams: how many are written; nil for an import, which may write anywhere.
    static func setCacheSize(streams: Int?, in db: Database) throws {
        let kibibytes = streams.map { min(512 + 64 * min($0, 1_000), 16_384) } ?? 16_384
        try db.execute(sql: "PRAGMA cache_size = -\(kibibytes)")
    }

    /// Opens a database that this process has open, for checkpoints beside its writer.
    static func openForCheckpoints(path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "TradeStore.checkpoints"
        configuration.qos = .default
        // `mode=rw` does not create a missing file.
        return try DatabaseQueue(path: address(of: path, query: "mode=rw"), configuration: configuration)
    }

    /// Opens an existing database of this program for reading only.
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
            // In a folder where no log can be created, a database that no process has open can still be read.
            let address = address(of: path, query: "immutable=1")
            if let database = try? DatabaseQueue(path: address, configuration: configuration) { return database }
            throw StoreError(error, path: path)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The URI of a file with options, as SQLite expects it.
    private static func address(of path: String, query: String) -> String {
        var address = URLComponents()
        address.scheme = "file"
        address.path = resolved(path)
        address.query = query
        return address.string ?? resolved(path)
    }

    /// Whether the database file contains everything, since the log is empty or missing.
    private static func isAtRest(_ path: String) -> Bool {
        let log = try? FileManager.default.attributesOfItem(atPath: resolved(path) + "-wal")
        return ((log?[.size] as? NSNumber)?.intValue ?? 0) == 0
    }

    /// Creates the folder of the database, with its parents.
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

    /// The size in bytes of the database with its write-ahead log.
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
