#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open file whose bytes can be read at any offset and repeatedly: a regular file, or the temporary copy of a pipe.
final class StoredFile: Sendable {
    /// The path of standard input.
    static let standardInput = "-"

    private let descriptor: Int32
    /// The offset of the content in the file; another process may have read the first part of standard input.
    private let start: Int

    /// - Parameters:
    ///   - descriptor: the descriptor of an open file; this object closes it.
    ///   - start: the offset of the content.
    init(descriptor: Int32, start: Int = 0) {
        self.descriptor = descriptor
        self.start = start
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file; `-` is standard input. A pipe or other special file is copied once per process.
    static func open(_ path: String) throws(UnreadableFile) -> StoredFile {
        if path == standardInput {
            return try PipeCopies.shared.file(named: path) { () throws(UnreadableFile) in
                try standardInputDescriptor()
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw UnreadableFile(errorNumber: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw UnreadableFile(errorNumber: EISDIR)
        case S_IFREG: return StoredFile(descriptor: try descriptor(of: path))
        default:
            return try PipeCopies.shared.file(named: path) { () throws(UnreadableFile) in try descriptor(of: path) }
        }
    }

    /// The size of the content in bytes.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? max(0, Int(clamping: status.st_size) - start) : 0
    }

    /// Reads bytes at an offset of the content, at most as many as fit; returns 0 at the end.
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) throws(UnreadableFile) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(start + offset))
            if count >= 0 { return count }
            if errno != EINTR { throw UnreadableFile(errorNumber: errno) }
        }
    }

    /// The bytes of a part of the content; fewer where the file ends earlier.
    func bytes(at offset: Int, count: Int) throws(UnreadableFile) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let added = try bytes.withUnsafeMutableBufferPointer { buffer throws(UnreadableFile) in
                try read(into: UnsafeMutableBufferPointer(rebasing: buffer[filled...]), at: offset + filled)
            }
            if added == 0 { break }
            filled += added
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// A descriptor with a separate position, at the beginning of the content; the caller must close it.
    ///
    /// Without `/proc` the position is shared with this object, which does not use it.
    func reopened() throws(UnreadableFile) -> Int32 {
        var copy = systemOpen("/proc/self/fd/\(descriptor)")
        if copy < 0 { copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
        guard copy >= 0, lseek(copy, off_t(start), SEEK_SET) >= 0 else {
            throw UnreadableFile(errorNumber: errno)
        }
        return copy
    }

    private static func descriptor(of path: String) throws(UnreadableFile) -> Int32 {
        let descriptor = systemOpen(path)
        guard descriptor >= 0 else { throw UnreadableFile(errorNumber: errno) }
        return descriptor
    }

    private static func standardInputDescriptor() throws(UnreadableFile) -> Int32 {
        guard isatty(STDIN_FILENO) == 0 else {
            throw UnreadableFile("it is a terminal; send a file to it, as in `gzip -dc trades.gz | pairs-exporter …`")
        }
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw UnreadableFile("it is closed") }
        return descriptor
    }
}

/// `open` under another name, because a method of the same name hides it.
private func systemOpen(_ path: String) -> Int32 {
    open(path, O_RDONLY | O_CLOEXEC)
}

/// Why the bytes of a file cannot be read; the caller adds its path.
struct UnreadableFile: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// The reason for an error number of the system.
    init(errorNumber: Int32) {
        reason =
            switch errorNumber {
            case ENOENT, ENOTDIR: "there is no such file"
            case EACCES, EPERM: "this user may not read it; check its permissions"
            case EISDIR: "it is a folder; name a file in it"
            default: String(cString: strerror(errorNumber))
            }
    }
}
