import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The exclusive right of one process to write to a database: `flock` on a file beside it, which the operating system
/// releases when the process ends in any way. The lock file stays.
///
/// The database file itself is not locked, because closing any of its descriptors would release SQLite's locks.
final class DatabaseLock: Sendable {
    private let descriptor: Mutex<CInt?>
    private let lockPath: String

    /// Whether the locked file is the one that other processes would lock.
    var isInPlace: Bool {
        guard let own = descriptor.withLock({ $0.flatMap(FileIdentity.init(descriptor:)) }) else { return false }
        return FileIdentity(path: lockPath) == own
    }

    /// Locks the database.
    /// - Throws: ``StoreError/databaseInUse(path:)`` when another process holds the lock.
    init(path: String) throws(StoreError) {
        lockPath = DatabaseFile.resolved(path) + ".lock"
        let descriptor = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StoreError(systemError: errno, path: path)
        }
        var result: CInt
        repeat {
            result = flock(descriptor, LOCK_EX | LOCK_NB)
        } while result != 0 && errno == EINTR
        if result != 0 {
            let code = errno
            Self.closeDescriptor(descriptor)
            throw code == EWOULDBLOCK
                ? .databaseInUse(path: path) : StoreError(systemError: code, path: path)
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Releases the lock; repeated calls do nothing.
    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { Self.closeDescriptor(open) }
            descriptor = nil
        }
    }

    private static func closeDescriptor(_ descriptor: CInt) {
        close(descriptor)
    }
}

extension StoreError {
    /// The error for a failed system call on the database's files.
    init(systemError code: CInt, path: String) {
        switch code {
        case EACCES, EPERM, EROFS: self = .readOnly(path: path)
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        default: self = .cannotOpen(path: path, reason: String(cString: strerror(code)))
        }
    }
}
