import TradeFeeds

/// Reads the rows of a table with any columns in constant memory: plain, gzip, ZIP or xz.
///
/// ```swift
/// let start = try FileStart(path: path)
/// guard let header = TableHeader(start, isWanted: { $0.contains("close") }) else { … }
/// let reader = try TableReader(path: path, header: header)
/// while let price = try reader.withNextRow({ row, bytes in … }) { … }
/// ```
package final class TableReader {
    /// A row, or the fault of a row that cannot be read.
    package enum Row {
        /// The positions of the cells, as many as in the header.
        case cells([Range<Int>])
        case failed(RowFault)
    }

    package let header: TableHeader
    /// Reads the numbers of this file.
    package var numbers: NumberText
    /// The number of rows read so far, without blank lines and comments.
    private(set) var rowCount = 0
    private let reader: LineReader
    private var splitter: FieldSplitter

    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    package init(path: String, header: TableHeader) throws(ReplayError) {
        reader = try LineReader(path: path)
        self.header = header
        numbers = header.numbers
        splitter = FieldSplitter(header: header)
    }

    /// The number of the line of the row read last, from 1.
    package var lineNumber: Int { reader.lineNumber }
    /// The number of bytes of the stored file read so far.
    package var inputCount: Int { reader.inputCount }
    /// The size of the file on disk, 0 where it has none.
    package var fileSize: Int { reader.fileSize }
    /// A checksum of the content; valid only at the end of the file.
    package var checksum: String { reader.contentChecksum }

    /// Calls `body` with the next row and its line; nil at the end.
    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    package func withNextRow<Result>(_ body: (Row, RawSpan) -> Result) throws(ReplayError) -> Result? {
        while true {
            let result = try reader.withNextLine { bytes, isComplete -> Result? in
                guard reader.lineNumber > header.lastLine, Self.isRow(bytes) else { return nil }
                rowCount += 1
                if isComplete, header.format == .json, let plain = JSONEscapes.decoded(bytes) {
                    return body(row(plain.span.bytes, isComplete: true), plain.span.bytes)
                }
                return body(row(bytes, isComplete: isComplete), bytes)
            }
            guard let result else { return nil }
            if let result { return result }
        }
    }

    /// Whether a line is neither blank nor a comment.
    package static func isRow(_ line: RawSpan) -> Bool {
        for index in 0..<line.byteCount {
            switch line.unsafeLoad(fromByteOffset: index, as: UInt8.self) {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "#"): return index > 0
            default: return true
            }
        }
        return false
    }

    private func row(_ line: RawSpan, isComplete: Bool) -> Row {
        guard isComplete else { return .failed(.tooLong) }
        do throws(RowFault) {
            try splitter.splitRow(line)
            return .cells(splitter.fields)
        } catch {
            return .failed(error)
        }
    }
}

extension RowFault {
    /// The fault of a line that was cut.
    static let tooLong = RowFault(.length, "the line is longer than a mebibyte; no row of a table is")
}
