/// The list of files at the end of a ZIP archive (PKWARE APPNOTE 6.3.10), including ZIP64.
struct ZipDirectory {
    /// A file of an archive.
    struct Entry: Hashable {
        var name: String
        var isEncrypted: Bool
        /// 0 is stored, 8 is deflated.
        var method: Int
        var checksum: UInt32
        var packedSize: Int
        var size: Int
        /// The offset of its local header.
        var offset: Int

        /// Whether it is a packed file, and not a folder or a file with metadata of macOS.
        var isContent: Bool {
            !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/") && name.split(separator: "/").last != ".DS_Store"
        }
    }

    /// The greatest number of bytes of the list that are read; an archive of one file needs far less.
    private static let longestList = 1 << 20

    /// The entries of the archive; only the first ones of a very long list.
    let entries: [Entry]

    init(_ file: StoredFile) throws(UnreadableFile) {
        let place = try Self.place(in: file)
        let list = LittleEndianBytes(
            try file.bytes(at: place.offset, count: min(place.size, Self.longestList))
        )
        var entries: [Entry] = []
        var start = 0
        while list.hasPrefix([0x50, 0x4B, 0x01, 0x02], at: start), let (entry, size) = Self.entry(list, at: start) {
            entries.append(entry)
            start += size
        }
        guard entries.count == place.count || list.bytes.count < place.size else {
            throw UnreadableFile("the list of files of the ZIP archive is damaged; fetch the file again")
        }
        self.entries = entries
    }

    /// The position of the list of files, and its number of entries.
    private static func place(in file: StoredFile) throws(UnreadableFile) -> (offset: Int, size: Int, count: Int) {
        let fixedSize = 22
        let longestComment = 1 << 16
        let size = file.size
        let tailStart = max(0, size - fixedSize - longestComment)
        let tail = LittleEndianBytes(try file.bytes(at: tailStart, count: size - tailStart))
        var end = tail.bytes.count - fixedSize
        while end >= 0, !tail.hasPrefix([0x50, 0x4B, 0x05, 0x06], at: end) { end -= 1 }
        guard end >= 0 else { throw UnreadableFile("the ZIP archive ends early; fetch the file again") }
        var count = tail.number(at: end + 10, bytes: 2)
        var length = tail.number(at: end + 12, bytes: 4)
        var offset = tail.number(at: end + 16, bytes: 4)
        if count == 0xFFFF || length == 0xFFFF_FFFF || offset == 0xFFFF_FFFF,
            tail.hasPrefix([0x50, 0x4B, 0x06, 0x07], at: end - 20),
            let large = tail.number(at: end - 20 + 8, bytes: 8)
        {
            let record = LittleEndianBytes(try file.bytes(at: min(large, size), count: 56))
            count = record.number(at: 32, bytes: 8)
            length = record.number(at: 40, bytes: 8)
            offset = record.number(at: 48, bytes: 8)
        }
        guard let count, let length, let offset, offset <= size, length <= size - offset else {
            throw UnreadableFile("the list of files of the ZIP archive is damaged; fetch the file again")
        }
        return (offset, length, count)
    }

    /// The entry that begins at an offset of the list, and its size in the list.
    private static func entry(_ list: LittleEndianBytes, at start: Int) -> (Entry, Int)? {
        guard let flags = list.number(at: start + 8, bytes: 2),
            let method = list.number(at: start + 10, bytes: 2),
            let checksum = list.number(at: start + 16, bytes: 4),
            var packedSize = list.number(at: start + 20, bytes: 4),
            var size = list.number(at: start + 24, bytes: 4),
            let nameSize = list.number(at: start + 28, bytes: 2),
            let extraSize = list.number(at: start + 30, bytes: 2),
            let commentSize = list.number(at: start + 32, bytes: 2),
            var offset = list.number(at: start + 42, bytes: 4),
            start + 46 + nameSize + extraSize <= list.bytes.count
        else { return nil }
        let name = start + 46..<start + 46 + nameSize
        var large = largeNumbers(list, in: name.upperBound..<name.upperBound + extraSize)
        if size == 0xFFFF_FFFF { size = large.next() ?? .max }
        if packedSize == 0xFFFF_FFFF { packedSize = large.next() ?? .max }
        if offset == 0xFFFF_FFFF { offset = large.next() ?? .max }
        let entry = Entry(
            name: String(decoding: list.bytes[name], as: UTF8.self),
            isEncrypted: flags & 1 != 0,
            method: method,
            checksum: UInt32(truncatingIfNeeded: checksum),
            packedSize: packedSize,
            size: size,
            offset: offset
        )
        return (entry, 46 + nameSize + extraSize + commentSize)
    }

    /// The 64-bit numbers in an entry's extra field, which replace those that do not fit into 32 bits.
    private static func largeNumbers(
        _ list: LittleEndianBytes,
        in extra: Range<Int>
    ) -> IndexingIterator<[Int]> {
        var start = extra.lowerBound
        while let kind = list.number(at: start, bytes: 2), let size = list.number(at: start + 2, bytes: 2),
            start + 4 + size <= extra.upperBound
        {
            if kind == 1 {
                return stride(from: start + 4, to: start + 4 + size - 7, by: 8)
                    .map { list.number(at: $0, bytes: 8) ?? .max }
                    .makeIterator()
            }
            start += 4 + size
        }
        return [].makeIterator()
    }
}

/// Bytes with numbers in little-endian order.
struct LittleEndianBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The number at an offset; nil beyond the end of the bytes, or where it does not fit into `Int`.
    func number(at offset: Int, bytes count: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count, bytes.count - offset >= count else { return nil }
        return Int(exactly: bytes[offset..<(offset + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Whether the bytes at an offset begin with a prefix.
    func hasPrefix(_ prefix: [UInt8], at offset: Int) -> Bool {
        offset >= 0 && offset <= bytes.count && bytes[offset...].starts(with: prefix)
    }
}
