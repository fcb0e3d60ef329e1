/// The files of an open database, and how they have changed since it was opened.
struct OpenFiles {
    /// What other programs have done to the files, from the most to the least serious.
    enum Change: String, Hashable {
        /// The path leads to no file.
        case removed = "the database file was removed while it was open"
        /// The path leads to another file.
        case replaced = "the database file was replaced by another one while it was open"
        /// The file has no content.
        case emptied = "the database file was emptied while it was open"
        /// The write-ahead log or its index is not the one that was opened.
        case logRemoved = "the write-ahead log was removed while the database was open"
        /// The write-ahead log is shorter than it was.
        case logCut = "the write-ahead log was cut short while the database was open"
        /// Another process could lock the database.
        case lockRemoved = "the lock file was removed while the database was open"

        /// Whether the file at the path lacks what was written.
        var isOfDatabase: Bool {
            switch self {
            case .removed, .replaced, .emptied: true
            case .logRemoved, .logCut, .lockRemoved: false
            }
        }
    }

    private let path: String
    private let resolvedPath: String
    private let database: FileIdentity?
    private let log: FileIdentity?
    private let index: FileIdentity?
    private let lock: DatabaseLock?
    /// The greatest length of the log in bytes, up to the length that SQLite keeps.
    private var logSize: Int64

    /// - Parameters:
    ///   - path: of a database that has been opened and written.
    ///   - lock: its lock.
    init(path: String, lock: DatabaseLock?) {
        self.path = path
        self.lock = lock
        resolvedPath = DatabaseFile.resolved(path)
        database = FileIdentity(path: path)
        log = FileIdentity(path: resolvedPath + "-wal")
        index = FileIdentity(path: resolvedPath + "-shm")
        logSize = 0
        recordLogSize()
    }

    /// Records the length of the log after a transaction.
    mutating func recordLogSize() {
        guard let present = FileIdentity(path: resolvedPath + "-wal"), present == log else { return }
        logSize = min(max(logSize, present.size), DatabaseFile.keptLogSize)
    }

    /// How the files have changed; nil when they have not.
    var change: Change? {
        guard let present = FileIdentity(path: path) else { return .removed }
        if present != database { return .replaced }
        if present.isEmpty { return .emptied }
        let presentLog = FileIdentity(path: resolvedPath + "-wal")
        if presentLog != log || FileIdentity(path: resolvedPath + "-shm") != index { return .logRemoved }
        if let presentLog, presentLog.size < logSize { return .logCut }
        return lock.map(\.isInPlace) ?? true ? nil : .lockRemoved
    }

    /// Whether another process has written the log at the path.
    var hasForeignLog: Bool {
        guard let present = FileIdentity(path: resolvedPath + "-wal"), present != log else { return false }
        return !present.isEmpty
    }

    /// Removes the names of this file's log, which another database file at the path would use: SQLite would copy its
    /// pages into that file.
    func removeOwnLog() {
        for (suffix, own) in [("-wal", log), ("-shm", index)] {
            let name = resolvedPath + suffix
            if let own, FileIdentity(path: name) == own { FileIdentity.unlink(name) }
        }
        // An emptied file is no database, and SQLite would copy the log into it while it has a name.
        if let present = FileIdentity(path: path), present == database, present.isEmpty {
            FileIdentity.unlink(resolvedPath)
        }
    }
}
