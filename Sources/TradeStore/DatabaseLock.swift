import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The claim of one process to write to a database: `flock` on a file beside it, which the operating system takes
/// back when the process ends in whatever way. The file itself stays.
///
/// It is not the database file that is locked, because closing any descriptor of that one would drop SQLite's locks.
final class DatabaseLock: Sendable {
    private let descriptor: Mutex<CInt?>
    private let lockPath: String

    /// Whether the locked file is the one that other processes would lock.
    var isInPlace: Bool {
        guard let own = descriptor.withLock({ $0.flatMap(FileIdentity.init(descriptor:)) }) else { return false }
        return FileIdentity(path: lockPath) == own
    }

    /// Claims the database.
    /// - Throws: ``StoreError/databaseInUse(path:)`` when another holds it.
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

    /// Gives the claim up; harmless when repeated.
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
    /// What a failed system call on the database's files means.
    init(systemError code: CInt, path: String) {
        switch code {
        case EACCES, EPERM, EROFS: self = .readOnly(path: path)
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        default: self = .cannotOpen(path: path, reason: String(cString: strerror(code)))
        }
    }
}
