/// The bytes of a file in order, unpacked, piece by piece.
protocol ByteInput: AnyObject {
    /// How many bytes of the stored file have been used.
    var inputCount: Int { get }

    /// Fills the front of a buffer that is not empty.
    /// - Returns: how many bytes; 0 only at the end.
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int
}

/// A file that is stored as it is.
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
