#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Keeps SQLite from moving a log that others have cut short into the database.
///
/// The last connection that closes does so, unless somebody else reads the database. This is a reader's lock: on the
/// bytes where SQLite has it, and of the open file, since SQLite does not see another lock of the same process.
struct CheckpointBarrier {
    #if canImport(Darwin)
        private static let setLock: CInt = 90
    #else
        private static let setLock: CInt = 37
    #endif
    /// `SHARED_FIRST` and `SHARED_SIZE` of SQLite's lock on a database file.
    private static let sharedBytes: (start: Int64, count: Int64) = (0x4000_0002, 510)

    private let descriptor: CInt

    /// - Throws: ``StoreError`` when the file cannot be locked; nothing may be closed then.
    init(path: String) throws(StoreError) {
        let descriptor = open(DatabaseFile.resolved(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(systemError: errno, path: path) }
        var range = flock()
        range.l_type = .init(F_RDLCK)
        range.l_whence = .init(SEEK_SET)
        range.l_start = .init(Self.sharedBytes.start)
        range.l_len = .init(Self.sharedBytes.count)
        guard fcntl(descriptor, Self.setLock, &range) == 0 else {
            let code = errno
            close(descriptor)
            throw StoreError(systemError: code, path: path)
        }
        self.descriptor = descriptor
    }

    /// Ends the lock. Where connections of this process to the file are open, their locks end too.
    func end() {
        close(descriptor)
    }
}
