/// The first lines of a file without blank ones and comments (`#`), used to detect its format.
package struct FileStart {
    package struct Line {
        /// From 1, counting every line.
        package let number: Int
        package let bytes: [UInt8]
    }

    package let lines: [Line]
    /// The last comment before these lines, without its `#`; some tables have their header in it.
    let comment: Line?

    private static let count = 20
    /// The greatest number of lines read, including comments and blank ones.
    private static let reach = 1000

    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    package init(path: String) throws(ReplayError) {
        let reader = try LineReader(path: path)
        var lines: [Line] = []
        var comment: Line?
        while lines.count < Self.count, reader.lineNumber < Self.reach {
            let line = try reader.withNextLine { bytes, _ in
                (
                    isRow: TableReader.isRow(bytes),
                    bytes: bytes.withUnsafeBytes { Array($0) }
                )
            }
            guard let (isRow, bytes) = line else { break }
            if isRow {
                lines.append(Line(number: reader.lineNumber, bytes: bytes))
            } else if lines.isEmpty, bytes.first == UInt8(ascii: "#") {
                comment = Line(number: reader.lineNumber, bytes: Array(bytes.drop { $0 == UInt8(ascii: "#") }))
            }
        }
        (self.lines, self.comment) = (lines, comment)
    }

    /// The cells of the first rows after a header; rows that cannot be split are skipped.
    package func rows(of header: TableHeader) -> [[String]] {
        var splitter = FieldSplitter(header: header)
        return lines.filter { $0.number > header.lastLine }.compactMap { line in
            do throws(RowFault) {
                try splitter.splitRow(line.bytes.span.bytes)
            } catch {
                return nil
            }
            return splitter.fields.map { FieldSplitter.text(line.bytes.span.bytes, $0) }
        }
    }
}
