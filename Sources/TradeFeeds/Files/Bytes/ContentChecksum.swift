/// FNV-1a over 64 bits of a file's lines, whether they are compressed on disk or not.
struct ContentChecksum {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ line: RawSpan) {
        for offset in 0..<line.byteCount { add(line.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) }
        add(UInt8(ascii: "\n"))
    }

    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func add(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
}
