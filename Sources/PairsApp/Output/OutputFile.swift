package import Foundation

#if canImport(CDispatch)
    // On Linux the compiler attributes `stat` to it or to Glibc, whichever was loaded first.
    import CDispatch
#endif

/// A file that a command writes, by the path that the user has given.
///
/// - A regular file is written beside its path under a name of its own, and is renamed to the path once it is complete.
///   An existing file keeps its mode, and stays as it was where anything fails. Links are followed.
/// - A device or a pipe is opened and written. It is never replaced or removed.
package final class OutputFile {
    private enum Kind {
        case direct
        /// Written beside its path.
        case replacing(path: String, temporary: String)
    }

    private let path: String
    private let kind: Kind
    private var writer: DescriptorWriter?

    /// Opens it. A pipe with a name waits for its reader.
    /// - Parameter database: the database that the command reads; neither it nor a file beside it is written.
    package init(path: String, sparing database: String) throws(OutputError) {
        self.path = path
        switch try OutputTarget.resolved(path) {
        case .descriptor(let number):
            kind = .direct
            writer = DescriptorWriter(try Self.checked(fcntl(number, F_DUPFD_CLOEXEC, 3), path))
        case .device:
            kind = .direct
            var descriptor: Int32 = -1
            repeat { descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC) } while descriptor < 0 && errno == EINTR
            writer = DescriptorWriter(try Self.checked(descriptor, path))
        case .file(let file, let existing):
            if let existing {
                guard !Self.isPart(existing, of: database) else {
                    throw OutputError(path, "it is the database that is read; name another file")
                }
                // A file without permission to write must not be replaced, although its folder would permit it.
                close(try Self.checked(open(file, O_WRONLY | O_NONBLOCK | O_CLOEXEC), path))
            }
            let mode = existing.map { $0.st_mode & 0o777 }
            let (descriptor, temporary) = try Self.temporary(beside: file, mode: mode, path)
            kind = .replacing(path: file, temporary: temporary)
            writer = DescriptorWriter(descriptor)
            if let existing {
                // The owner is kept where the user may set it. It is set first, because that can remove bits of the
                // mode.
                _ = fchown(descriptor, existing.st_uid, existing.st_gid)
                _ = fchmod(descriptor, existing.st_mode & 0o777)
            }
        }
    }

    deinit {
        abandon()
    }

    /// Writes the next bytes.
    package func write(_ data: Data) throws(OutputError) {
        guard let writer else { throw OutputError(path, errorNumber: EBADF) }
        let outcome = writer.write(data)
        if !outcome.isComplete { throw OutputError(path, errorNumber: outcome.errorNumber) }
    }

    /// Ends the file; a regular one is renamed to its path.
    package func finish() throws(OutputError) {
        guard let descriptor = writer?.descriptor else { return }
        if case .replacing(let file, let temporary) = kind {
            // The data must be on disk before the name changes: after a power failure the path then has one of the two
            // files, complete.
            _ = try Self.checked(fsync(descriptor), path)
            writer = nil
            let closed = close(descriptor)
            let closeError = errno
            guard closed == 0, rename(temporary, file) == 0 else {
                let errorNumber = closed == 0 ? errno : closeError
                unlink(temporary)
                UnfinishedFile.clear()
                throw OutputError(path, errorNumber: errorNumber)
            }
            UnfinishedFile.clear()
        } else {
            writer = nil
            _ = try Self.checked(close(descriptor), path)
        }
    }

    /// Removes the unfinished file beside the path.
    private func abandon() {
        guard let descriptor = writer?.descriptor else { return }
        close(descriptor)
        if case .replacing(_, let temporary) = kind {
            unlink(temporary)
            UnfinishedFile.clear()
        }
    }

    /// Makes the file beside the path, with the mode of a new file or that of the file that it replaces.
    private static func temporary(
        beside file: String,
        mode: mode_t?,
        _ path: String
    ) throws(OutputError) -> (descriptor: Int32, path: String) {
        let folder = OutputTarget.folder(of: file)
        let name = (folder == "/" ? "" : folder) + "/.pairs-exporter-\(UUID().uuidString).tmp"
        UnfinishedFile.watch(name)
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode ?? 0o666)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            UnfinishedFile.clear()
            throw OutputError(path, "no file can be made in the folder \(folder), where it is written first: \(reason)")
        }
        return (descriptor, name)
    }

    /// Whether a file is one of those of a database.
    private static func isPart(_ file: stat, of database: String) -> Bool {
        ["", "-wal", "-shm"].contains { suffix in
            var other = stat()
            return stat(database + suffix, &other) == 0 && other.st_dev == file.st_dev && other.st_ino == file.st_ino
        }
    }

    private static func checked(_ result: Int32, _ path: String) throws(OutputError) -> Int32 {
        guard result >= 0 else { throw OutputError(path, errorNumber: errno) }
        return result
    }
}
