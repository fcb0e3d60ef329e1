import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Copies pipes to temporary files, because a file is read twice: once for a survey, once for its rows.
///
/// A pipe is copied when it is first opened. The copy has no name, so the system deletes it at the end of the process.
final class PipeCopies: Sendable {
    static let shared = PipeCopies()

    /// A failure is stored, too, because a second attempt would read only the rest of the pipe.
    private let files = Mutex<[String: Result<StoredFile, UnreadableFile>]>([:])
    private let folder: String

    init(folder: String = UnnamedFile.folder) {
        self.folder = folder
    }

    /// The bytes of a pipe, or of a regular file from its current position on.
    /// - Parameters:
    ///   - name: the key of the pipe.
    ///   - open: opens the pipe; called once per name.
    func file(
        named name: String,
        open: () throws(UnreadableFile) -> Int32
    ) throws(UnreadableFile) -> StoredFile {
        try files.withLock { files throws(UnreadableFile) in
            if let known = files[name] { return try known.get() }
            let result = Result { () throws(UnreadableFile) in try self.stored(try open()) }
            files[name] = result
            return try result.get()
        }
    }

    private func stored(_ descriptor: Int32) throws(UnreadableFile) -> StoredFile {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw UnreadableFile(errorNumber: errno) }
        if status.st_mode & S_IFMT == S_IFREG {
            return StoredFile(descriptor: descriptor, start: max(0, Int(clamping: lseek(descriptor, 0, SEEK_CUR))))
        }
        defer { close(descriptor) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw UnreadableFile(errorNumber: EISDIR) }
        let copy = try temporaryFile()
        do throws(UnreadableFile) {
            try Self.copy(descriptor, to: copy)
        } catch {
            close(copy)
            throw UnreadableFile("its copy in \(folder) failed: \(error.reason); set TMPDIR to a folder with more room")
        }
        return StoredFile(descriptor: copy)
    }

    private func temporaryFile() throws(UnreadableFile) -> Int32 {
        let descriptor = UnnamedFile.open(in: folder)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw UnreadableFile("no temporary file in \(folder): \(reason); set TMPDIR to another folder")
        }
        return descriptor
    }

    private static func copy(_ source: Int32, to destination: Int32) throws(UnreadableFile) {
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(source, &piece, piece.count)
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw UnreadableFile(errorNumber: errno)
            }
            var written = 0
            while written < count {
                let added = piece[written..<count].withUnsafeBytes { write(destination, $0.baseAddress, $0.count) }
                if added < 0, errno != EINTR { throw UnreadableFile(errorNumber: errno) }
                written += max(0, added)
            }
        }
    }
}
