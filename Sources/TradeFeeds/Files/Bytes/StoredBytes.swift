/// A part of a stored file, read in order through a small buffer.
final class StoredBytes {
    private let file: StoredFile
    private let end: Int
    private var buffer = [UInt8](repeating: 0, count: ReadSize.stored)
    private var unused = 0..<0
    /// The offset in the file of what follows the buffer.
    private var next: Int

    /// The offset in the file of the next byte.
    var offset: Int { next - unused.count }

    /// - Parameters:
    ///   - file: the file.
    ///   - range: the part of it, up to its end by default.
    init(_ file: StoredFile, in range: Range<Int> = 0..<Int.max) {
        self.file = file
        next = range.lowerBound
        end = range.upperBound
    }

    /// Reads more where nothing is left in the buffer.
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

    /// Calls `body` with the bytes in the buffer; it returns how many of them it has used.
    func use(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        let used = buffer.withUnsafeMutableBufferPointer { bytes in
            body(UnsafeMutableBufferPointer(rebasing: bytes[unused]))
        }
        unused = (unused.lowerBound + used)..<unused.upperBound
    }
}
