/// Bytes that hold numbers, the least significant byte first.
struct LittleEndianBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The number at an offset; nil where the bytes do not reach, or where it is greater than any size of a file.
    func number(at offset: Int, bytes count: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count, bytes.count - offset >= count else { return nil }
        return Int(exactly: bytes[offset..<(offset + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Whether these bytes stand at an offset.
    func hasPrefix(_ prefix: [UInt8], at offset: Int) -> Bool {
        offset >= 0 && offset <= bytes.count && bytes[offset...].starts(with: prefix)
    }
}
