/// The files of an open database, and what has become of them since it was opened.
struct OpenFiles {
    /// What others have done to the files, from the most to the least serious.
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
        /// Another process could claim the database.
        case lockRemoved = "the lock file was removed while the database was open"

        /// Whether what was written is not in the file that the path leads to.
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
    /// The greatest length of the log, as far as SQLite itself keeps it.
    private var logSize: Int64

    /// - Parameters:
    ///   - path: of a database that has been opened and written.
    ///   - lock: the claim on it.
    init(path: String, lock: DatabaseLock?) {
        self.path = path
        self.lock = lock
        resolvedPath = DatabaseFile.resolved(path)
        database = FileIdentity(path: path)
        log = FileIdentity(path: resolvedPath + "-wal")
        index = FileIdentity(path: resolvedPath + "-shm")
        logSize = 0
        noteLog()
    }

    /// Notes how long the log is after a transaction.
    mutating func noteLog() {
        guard let present = FileIdentity(path: resolvedPath + "-wal"), present == log else { return }
        logSize = min(max(logSize, present.size), DatabaseFile.keptLogSize)
    }

    /// What has become of the files, nil while they are as they were.
    var change: Change? {
        guard let present = FileIdentity(path: path) else { return .removed }
        if present != database { return .replaced }
        if present.isEmpty { return .emptied }
        let presentLog = FileIdentity(path: resolvedPath + "-wal")
        if presentLog != log || FileIdentity(path: resolvedPath + "-shm") != index { return .logRemoved }
        if let presentLog, presentLog.size < logSize { return .logCut }
        return lock.map(\.isInPlace) ?? true ? nil : .lockRemoved
    }

    /// Whether the log at the path has been written by another process.
    var hasForeignLog: Bool {
        guard let present = FileIdentity(path: resolvedPath + "-wal"), present != log else { return false }
        return !present.isEmpty
    }

    /// Removes the names that would give another database file the log of this one: SQLite would copy its pages into
    /// that file.
    func removeOwnLog() {
        for (suffix, own) in [("-wal", log), ("-shm", index)] {
            let name = resolvedPath + suffix
            if let own, FileIdentity(path: name) == own { FileIdentity.unlink(name) }
        }
        // An own file without content is no database, and as long as it has a name SQLite would copy the log into it.
        if let present = FileIdentity(path: path), present == database, present.isEmpty {
            FileIdentity.unlink(resolvedPath)
        }
    }
}
