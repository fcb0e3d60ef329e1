/// How the text of a file is encoded, found by its first bytes.
enum TextEncoding: Hashable {
    case utf8
    case utf16(isBigEndian: Bool)
    case utf32

    /// - Returns: the encoding, and the size of the byte order mark.
    static func detect(_ start: some Collection<UInt8>) -> (encoding: TextEncoding, markSize: Int) {
        let marks: [([UInt8], TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8),
            // Before UTF-16, whose mark begins the same.
            ([0xFF, 0xFE, 0, 0], .utf32),
            ([0, 0, 0xFE, 0xFF], .utf32),
            ([0xFF, 0xFE], .utf16(isBigEndian: false)),
            ([0xFE, 0xFF], .utf16(isBigEndian: true)),
        ]
        if let (mark, encoding) = marks.first(where: { start.starts(with: $0.0) }) { return (encoding, mark.count) }
        let sample = Array(start.prefix(64))
        let pairs = stride(from: 0, to: sample.count - 1, by: 2).map { (sample[$0], sample[$0 + 1]) }
        guard pairs.count >= 2 else { return (.utf8, 0) }
        if pairs.allSatisfy({ $0 != 0 && $1 == 0 }) { return (.utf16(isBigEndian: false), 0) }
        if pairs.allSatisfy({ $0 == 0 && $1 != 0 }) { return (.utf16(isBigEndian: true), 0) }
        return (.utf8, 0)
    }
}
