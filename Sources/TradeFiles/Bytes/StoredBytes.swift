/// A part of a stored file, read in order through a small buffer.
final class StoredBytes {
    private let file: StoredFile
    private let end: Int
    private var buffer = [UInt8](repeating: 0, count: ReadSize.stored)
    private var unused = 0..<0
    /// The offset in the file of the first byte after the buffer.
    private var next: Int

    /// The offset in the file of the next byte.
    var offset: Int { next - unused.count }

    /// - Parameters:
    ///   - file: the file.
    ///   - range: the part of the file, the complete file by default.
    init(_ file: StoredFile, in range: Range<Int> = 0..<Int.max) {
        self.file = file
        next = range.lowerBound
        end = range.upperBound
    }

    /// Reads more bytes when the buffer is empty.
    /// - Returns: false at the end.
    func fill() throws(UnreadableFile) -> Bool {
        guard unused.isEmpty else { return true }
        let wanted = min(buffer.count, end - next)
        guard wanted > 0 else { return false }
        let count = try buffer.withUnsafeMutableBufferPointer { bytes throws(UnreadableFile) in
            try file.read(into: UnsafeMutableBufferPointer(rebasing: bytes[..<wanted]), at: next)
        }
        next += count
        unused = 0..<count
        return count > 0
    }

    /// Calls `body` with the bytes in the buffer; `body` returns the number of bytes that it has used.
    func use(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        let used = buffer.withUnsafeMutableBufferPointer { bytes in
            body(UnsafeMutableBufferPointer(rebasing: bytes[unused]))
        }
        unused = (unused.lowerBound + used)..<unused.upperBound
    }
}
