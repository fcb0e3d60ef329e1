import CZlib

/// A ZIP archive (PKWARE APPNOTE 6.3.10), written for tests.
struct ZipArchive {
    /// A file of an archive.
    struct File {
        var name: String
        var content: [UInt8]
        var isDeflated: Bool
        var flags = 0
        var method: Int?

        init(_ name: String, _ content: [UInt8], isDeflated: Bool = true) {
            self.name = name
            self.content = content
            self.isDeflated = isDeflated
        }
    }

    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - files: its files.
    ///   - hasDescriptors: whether sizes and checksums follow the files instead of preceding them.
    ///   - isLarge: whether sizes and offsets are in the fields of ZIP64.
    ///   - comment: the comment at the end.
    init(_ files: [File], hasDescriptors: Bool = false, isLarge: Bool = false, comment: String = "") {
        var list: [UInt8] = []
        for file in files {
            let packed = file.isDeflated ? Packing.deflated(file.content, windowBits: -15) : file.content
            let checksum = Int(crc32(0, file.content, uInt(file.content.count)))
            let start = bytes.count
            let flags = file.flags | (hasDescriptors ? 8 : 0)
            let method = file.method ?? (file.isDeflated ? 8 : 0)
            let kind = Self.number(20, 2) + Self.number(flags, 2) + Self.number(method, 2) + Self.number(0, 4)
            let known = [checksum, packed.count, file.content.count].map { Self.number($0, 4) }
            bytes += [0x50, 0x4B, 3, 4] + kind + (hasDescriptors ? Self.number(0, 12) : known.flatMap(\.self))
            bytes += Self.number(file.name.utf8.count, 2) + Self.number(0, 2) + Array(file.name.utf8) + packed
            if hasDescriptors { bytes += [0x50, 0x4B, 7, 8] + known.flatMap(\.self) }
            let unknown = Self.number(0xFFFF_FFFF, 4)
            let extra =
                isLarge
                ? Self.number(9, 2) + Self.number(1, 2) + [0] + Self.number(1, 2) + Self.number(24, 2)
                    + [file.content.count, packed.count, start].flatMap { Self.number($0, 8) } : []
            list += [0x50, 0x4B, 1, 2] + Self.number(20, 2) + kind
            list += isLarge ? known[0] + unknown + unknown : known.flatMap(\.self)
            list += Self.number(file.name.utf8.count, 2) + Self.number(extra.count, 2) + Self.number(0, 10)
            list += (isLarge ? unknown : Self.number(start, 4)) + Array(file.name.utf8) + extra
        }
        let listStart = bytes.count
        bytes += list
        if isLarge {
            let recordStart = bytes.count
            bytes += [0x50, 0x4B, 6, 6] + Self.number(44, 8) + Self.number(45, 4) + Self.number(0, 8)
            bytes += [files.count, files.count, list.count, listStart].flatMap { Self.number($0, 8) }
            bytes += [0x50, 0x4B, 6, 7] + Self.number(0, 4) + Self.number(recordStart, 8) + Self.number(1, 4)
        }
        bytes += [0x50, 0x4B, 5, 6] + Self.number(0, 4)
        bytes += [files.count, files.count].flatMap { Self.number(isLarge ? 0xFFFF : $0, 2) }
        bytes += [list.count, listStart].flatMap { Self.number(isLarge ? 0xFFFF_FFFF : $0, 4) }
        bytes += Self.number(comment.utf8.count, 2) + Array(comment.utf8)
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }
}
