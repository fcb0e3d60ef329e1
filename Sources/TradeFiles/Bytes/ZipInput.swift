import CZlib

/// The only file of a ZIP archive, stored or deflated; its size and its checksum are verified.
final class ZipInput: ByteInput {
    /// The first bytes of an archive with files, of an empty one, and of a part of a split one.
    static let signatures: [[UInt8]] = [
        [0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06], [0x50, 0x4B, 0x07, 0x08],
    ]

    private let entry: ZipDirectory.Entry
    private let stored: StoredBytes
    /// Nil for a file that is not compressed.
    private let inflater: Inflater?
    private var size = 0
    private var checksum: uLong = 0

    var inputCount: Int { stored.offset }

    init(_ file: StoredFile) throws(UnreadableFile) {
        entry = try Self.onlyFile(of: ZipDirectory(file))
        let start = try Self.dataStart(of: entry, in: file)
        stored = StoredBytes(file, in: start..<(start + entry.packedSize))
        inflater = entry.method == 0 ? nil : try Inflater(.bare, name: "ZIP archive")
    }

    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int {
        let count =
            if let inflater { try inflater.read(from: stored, into: buffer) } else { try copy(into: buffer) }
        size += count
        checksum = crc32(checksum, buffer.baseAddress, uInt(count))
        let isWrong = count == 0 ? size != entry.size || checksum != entry.checksum : size > entry.size
        guard !isWrong else {
            throw UnreadableFile(
                "the ZIP archive is damaged: the size or the checksum of \(entry.name) is wrong; fetch it again"
            )
        }
        return count
    }

    private func copy(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int {
        guard try stored.fill() else { return 0 }
        var count = 0
        stored.use { bytes in
            count = min(bytes.count, buffer.count)
            _ = buffer.update(fromContentsOf: bytes[..<count])
            return count
        }
        return count
    }

    private static func onlyFile(of directory: ZipDirectory) throws(UnreadableFile) -> ZipDirectory.Entry {
        let files = directory.entries.filter(\.isContent)
        guard let file = files.first else { throw UnreadableFile("the ZIP archive holds no file") }
        if files.contains(where: { $0.name == "[Content_Types].xml" }) {
            throw UnreadableFile("it is an Excel workbook; save its sheet as CSV")
        }
        guard files.count == 1 else {
            let names = files.prefix(2).map(\.name).joined(separator: ", ") + (files.count > 2 ? ", …" : "")
            throw UnreadableFile("the ZIP archive holds more than one file (\(names)); unpack it")
        }
        guard !file.isEncrypted else { throw UnreadableFile("the ZIP archive is encrypted; unpack it") }
        guard [0, 8].contains(file.method) else {
            throw UnreadableFile("the ZIP archive uses the unknown compression method \(file.method); unpack it")
        }
        return file
    }

    /// The offset of the data of a file, after its local header.
    private static func dataStart(
        of entry: ZipDirectory.Entry,
        in file: StoredFile
    ) throws(UnreadableFile) -> Int {
        let size = file.size
        let headerSize = 30
        let header = LittleEndianBytes(try file.bytes(at: min(entry.offset, size), count: headerSize))
        guard header.hasPrefix(signatures[0], at: 0), let name = header.number(at: 26, bytes: 2),
            let extra = header.number(at: 28, bytes: 2)
        else {
            throw UnreadableFile("the ZIP archive is damaged: its list of files has a wrong offset; fetch it again")
        }
        let start = entry.offset + headerSize + name + extra
        guard start <= size, entry.packedSize <= size - start else {
            throw UnreadableFile("the ZIP archive ends early; fetch the file again")
        }
        return start
    }
}
