#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads the lines of a text file, compressed or not, in constant memory: UTF-8 or UTF-16, with line feeds, carriage
/// returns, or both at the end of each line.
final class LineReader {
    /// The greatest length of a line in bytes. A longer line is cut and marked, so that a file without line ends cannot
    /// fill the memory.
    static let longestLine = 1 << 20

    /// The greatest number of bytes per read; encoding and line end are detected in the first such piece.
    private static let pieceSize = ReadSize.unpacked

    /// The number of the line read last, from 1; in the body of ``withNextLine(_:)`` that of the body's line.
    private(set) var lineNumber = 0

    private let input: FileInput
    private var transcoder: UTF16Input?
    private var lineEnd = UInt8(ascii: "\n")
    private var buffer = [UInt8](repeating: 0, count: 2 * pieceSize)
    private var unread = 0..<0
    /// The end of the part of the unread bytes that contains no line end.
    private var searched = 0
    private var isAtEnd = false
    /// Whether the unread bytes begin with the rest of a cut line.
    private var isInCutLine = false

    /// The file; `-` is standard input.
    var path: String { input.path }

    /// The number of bytes of the stored file read so far.
    var inputCount: Int { input.inputCount }

    /// The size of the file on disk.
    var fileSize: Int { input.fileSize }

    /// The beginning of the SHA-256 of the unpacked file, 16 hexadecimal digits; known after the last line.
    var contentChecksum: String { input.contentChecksum }

    /// - Parameter path: the file; `-` is standard input.
    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    init(path: String) throws(ReplayError) {
        input = try FileInput(path: path)
        try fillPiece()
        try detectEncoding()
        if let problem = ForeignFormat.problem(with: buffer[unread]) {
            throw .unreadable(path: path, reason: problem)
        }
        detectLineEnd()
    }

    /// Calls `body` with the bytes of the next line, without its end, and whether it is complete; nil at the end.
    ///
    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    func withNextLine<Result>(_ body: (RawSpan, _ isComplete: Bool) -> Result) throws(ReplayError) -> Result? {
        if isInCutLine { try skipCutLine() }
        while true {
            let end = nextLineEnd()
            let line = unread.lowerBound..<(end ?? unread.upperBound)
            if line.count > Self.longestLine {
                let cut = line.prefix(Self.longestLine)
                isInCutLine = true
                lineNumber += 1
                read(to: cut.endIndex)
                return withBytes(cut) { body($0, false) }
            }
            if end != nil || (isAtEnd && !line.isEmpty) {
                lineNumber += 1
                read(to: min(line.upperBound + 1, unread.upperBound))
                return withBytes(withoutCarriageReturn(line)) { body($0, true) }
            }
            if isAtEnd { return nil }
            try fill()
        }
    }

    private func skipCutLine() throws(ReplayError) {
        while true {
            if let end = nextLineEnd() {
                read(to: end + 1)
                break
            }
            read(to: unread.upperBound)
            if isAtEnd { break }
            try fill()
        }
        isInCutLine = false
    }

    /// The end of the first unread line; nil where more bytes must be read to find it.
    private func nextLineEnd() -> Int? {
        guard searched < unread.upperBound else { return nil }
        let found = buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress,
                let found = memchr(base + searched, Int32(lineEnd), unread.upperBound - searched)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
        searched = found ?? unread.upperBound
        return found
    }

    private func withBytes<Result>(_ range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
        // The compiler rejects a span of the property, because it cannot prove that `body` does not change the
        // property.
        let bytes = buffer
        return body(bytes.span.bytes.extracting(range))
    }

    private func read(to end: Int) {
        unread = end..<unread.upperBound
        searched = end
    }

    private func withoutCarriageReturn(_ line: Range<Int>) -> Range<Int> {
        guard let last = line.last, buffer[last] == UInt8(ascii: "\r") else { return line }
        return line.dropLast()
    }
}

extension LineReader {
    /// Reads more bytes after the unread ones, which are at most one line of the greatest length; the buffer grows for
    /// a long line.
    private func fill() throws(ReplayError) {
        let (start, count) = (unread.lowerBound, unread.count)
        if count + Self.pieceSize > buffer.count { buffer += repeatElement(0, count: buffer.count) }
        let added = try buffer.withUnsafeMutableBufferPointer { bytes throws(ReplayError) in
            if start > 0, let base = bytes.baseAddress { memmove(base, base + start, count) }
            let room = UnsafeMutableBufferPointer(rebasing: bytes[count..<(count + Self.pieceSize)])
            if let transcoder { return try transcoder.read(into: room) }
            return try input.read(into: room)
        }
        unread = 0..<(count + added)
        searched -= start
        isAtEnd = added == 0
    }

    /// Reads the first piece; it is shorter than ``pieceSize`` only for a shorter file.
    private func fillPiece() throws(ReplayError) {
        while unread.count < Self.pieceSize, !isAtEnd { try fill() }
    }

    private func detectEncoding() throws(ReplayError) {
        let (encoding, markSize) = TextEncoding.detect(buffer[unread])
        read(to: unread.lowerBound + markSize)
        switch encoding {
        case .utf8: break
        case .utf16(let isBigEndian):
            transcoder = UTF16Input(buffer[unread], then: input, isBigEndian: isBigEndian)
            unread = 0..<0
            searched = 0
            isAtEnd = false
            try fillPiece()
        case .utf32:
            throw .unreadable(path: path, reason: "its text is UTF-32; save it as UTF-8")
        }
    }

    /// A file with carriage returns and no line feed in its first piece has them as line ends.
    private func detectLineEnd() {
        let start = buffer[unread]
        if !start.contains(UInt8(ascii: "\n")), start.contains(UInt8(ascii: "\r")) { lineEnd = UInt8(ascii: "\r") }
    }
}

/// The text encoding of a file, detected by its first bytes.
enum TextEncoding: Hashable {
    case utf8
    case utf16(isBigEndian: Bool)
    case utf32

    /// - Returns: the encoding, and the size of the byte order mark.
    static func detect(_ start: some Collection<UInt8>) -> (encoding: TextEncoding, markSize: Int) {
        let marks: [([UInt8], TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8),
            // This mark must be tested before that of UTF-16, which is a prefix of it.
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
