import Crypto

/// Reads the unpacked bytes of a file in constant memory: plain, gzip, ZIP with one file, or xz where the system has
/// it. The format is detected by the first bytes, not by the name. The path `-` is standard input.
final class FileInput {
    let path: String

    private let file: StoredFile
    private let input: any ByteInput
    private var hash = SHA256()

    /// The number of bytes of the stored file read so far.
    var inputCount: Int { input.inputCount }

    /// The size of the file on disk.
    var fileSize: Int { file.size }

    /// The beginning of the SHA-256 of the unpacked bytes read so far, 16 hexadecimal digits.
    var contentChecksum: String { String(hash.finalize().hexadecimalText.prefix(16)) }

    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    init(path: String) throws(ReplayError) {
        self.path = path
        do throws(UnreadableFile) {
            file = try StoredFile.open(path)
            input = try Self.unpacked(file)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }

    /// Reads into the start of a non-empty buffer.
    /// - Returns: the number of bytes; 0 only at the end.
    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(ReplayError) -> Int {
        let count: Int
        do throws(UnreadableFile) {
            count = try input.read(into: buffer)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        hash.update(bufferPointer: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<count])))
        return count
    }

    private static func unpacked(_ file: StoredFile) throws(UnreadableFile) -> any ByteInput {
        let start = try file.bytes(at: 0, count: 8)
        if start.starts(with: GzipInput.signature) { return try GzipInput(file) }
        if start.starts(with: XZInput.signature) { return try XZInput(file) }
        if ZipInput.signatures.contains(where: start.starts(with:)) { return try ZipInput(file) }
        return PlainInput(file)
    }
}

/// The numbers of bytes that are read at once.
enum ReadSize {
    #if FUZZING
        // The files of the fuzzer are short; these sizes split them into several pieces.
        static let stored = 1 << 6
        static let unpacked = 1 << 9
    #else
        /// Of the stored bytes of a packed file.
        static let stored = 1 << 16
        /// Of the unpacked content.
        static let unpacked = 1 << 16
    #endif
}

/// A source of the unpacked bytes of a file, in order and piece by piece.
protocol ByteInput: AnyObject {
    /// The number of bytes of the stored file that have been used.
    var inputCount: Int { get }

    /// Reads into the start of a non-empty buffer.
    /// - Returns: the number of bytes; 0 only at the end.
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int
}

/// A file that is not compressed.
final class PlainInput: ByteInput {
    private let file: StoredFile
    private(set) var inputCount = 0

    init(_ file: StoredFile) {
        self.file = file
    }

    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int {
        let count = try file.read(into: buffer, at: inputCount)
        inputCount += count
        return count
    }
}
