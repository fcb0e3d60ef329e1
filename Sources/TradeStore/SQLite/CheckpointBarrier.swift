#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Prevents SQLite from moving a log that another program has truncated into the database.
///
/// The last connection that closes moves the log, unless another connection reads the database. This is the lock of
/// such a reader: on the bytes that SQLite uses for it, and owned by the open file, since SQLite does not see another
/// lock of the same process.
struct CheckpointBarrier {
    #if canImport(Darwin)
        private static let setLock: CInt = 90
    #else
        private static let setLock: CInt = 37
    #endif
    /// `SHARED_FIRST` and `SHARED_SIZE` of SQLite's lock on a database file.
    private static let sharedBytes: (start: Int64, count: Int64) = (0x4000_0002, 510)

    private let descriptor: CInt

    /// - Throws: ``StoreError`` when the file cannot be locked; then no connection may be closed.
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
