import TradeFeeds

/// The delimiter of a table's cells, or the form with a JSON object on each line.
package struct TableFormat: Hashable, Sendable {
    /// A comma, a semicolon, a tab or a bar; a brace where each line is a JSON object.
    var delimiter: UInt8

    /// Commas.
    package static let commas = TableFormat(delimiter: UInt8(ascii: ","))
    /// The possible delimiters, the most likely first.
    package static let all = [",", ";", "\t", "|"].map { TableFormat(delimiter: $0) }

    /// Newline-delimited JSON.
    package static let json = TableFormat(delimiter: UInt8(ascii: "{"))

    /// Whether numbers may have a decimal comma.
    var mayHaveDecimalComma: Bool { delimiter != UInt8(ascii: ",") && self != .json }
    /// Whether a comma in numbers may also be a thousands separator; with semicolons as delimiters, commas are decimal.
    var mayHaveThousandsComma: Bool { mayHaveDecimalComma && delimiter != UInt8(ascii: ";") }
}

/// Finds the positions of a line's cells, without blanks and quotes around them (RFC 4180; a quote within quotes is
/// doubled).
package struct FieldSplitter {
    private let format: TableFormat
    /// The column of each key, in lines of JSON.
    private let keys: JSONKeys?
    private let columnCount: Int
    /// The cells of the line split last; reused to save an allocation per line.
    package private(set) var fields: [Range<Int>] = []

    /// Splits lines with any number of cells.
    package init(format: TableFormat) {
        self.format = format
        keys = nil
        columnCount = 0
        fields.reserveCapacity(32)
    }

    /// Splits the rows of a table.
    package init(header: TableHeader) {
        format = header.format
        keys = format == .json ? JSONKeys(header) : nil
        columnCount = header.columns.count
        fields.reserveCapacity(columnCount + 1)
    }

    /// Splits a row, which must have as many cells as the header; additional empty cells at its end are removed.
    package mutating func splitRow(_ line: RawSpan) throws(RowFault) {
        if let keys {
            try keys.split(line, into: &fields)
            return
        }
        try split(line)
        // Some files end each line with a delimiter.
        while fields.count > columnCount, let last = fields.last, last.isEmpty { fields.removeLast() }
        guard fields.count == columnCount else {
            let cells = fields.count == 1 ? "1 cell" : "\(fields.count) cells"
            throw RowFault(
                .cells,
                "the line has \(cells), the header has \(columnCount)",
                failure: fields.count > columnCount ? .wrongType : .missingField
            )
        }
    }

    /// Splits a line.
    /// - Throws: ``RowFault`` for a quote that does not end, and for text after a closing quote.
    package mutating func split(_ line: RawSpan) throws(RowFault) {
        fields.removeAll(keepingCapacity: true)
        let delimiter = format.delimiter
        var index = 0
        while true {
            var start = index
            while start < line.byteCount, Self.isBlank(line, start), Self.byte(line, start) != delimiter { start += 1 }
            if start < line.byteCount, Self.byte(line, start) == UInt8(ascii: "\"") {
                index = try splitQuoted(line, from: start + 1)
            } else {
                index = start
                while index < line.byteCount, Self.byte(line, index) != delimiter { index += 1 }
                fields.append(start..<Self.trimmed(line, start..<index).upperBound)
            }
            if index >= line.byteCount { return }
            index += 1
        }
    }

    /// Adds a quoted cell; returns the position of its delimiter or of the end of the line.
    private mutating func splitQuoted(_ line: RawSpan, from start: Int) throws(RowFault) -> Int {
        var index = start
        while index < line.byteCount {
            guard Self.byte(line, index) == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            if index + 1 < line.byteCount, Self.byte(line, index + 1) == UInt8(ascii: "\"") {
                index += 2
                continue
            }
            fields.append(Self.trimmed(line, start..<index))
            index += 1
            while index < line.byteCount, Self.isBlank(line, index), Self.byte(line, index) != format.delimiter {
                index += 1
            }
            guard index == line.byteCount || Self.byte(line, index) == format.delimiter else {
                throw RowFault(.cells, "text follows the closing quote of cell \(fields.count); a delimiter must")
            }
            return index
        }
        throw RowFault(.cells, "the quote of cell \(fields.count + 1) does not end on its line")
    }

    /// The text of a cell, for messages and names.
    package static func text(_ line: RawSpan, _ range: Range<Int>) -> String {
        var bytes = line.extracting(range).withUnsafeBytes { Array($0) }
        var isFirst = false
        bytes.removeAll { byte in
            isFirst = byte == UInt8(ascii: "\"") && !isFirst
            return byte == UInt8(ascii: "\"") && !isFirst
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @inline(__always)
    private static func trimmed(_ line: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(line, start) { start += 1 }
        while end > start, isBlank(line, end - 1) { end -= 1 }
        return start..<end
    }

    private static func isBlank(_ line: RawSpan, _ index: Int) -> Bool {
        let byte = byte(line, index)
        return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func byte(_ line: RawSpan, _ index: Int) -> UInt8 {
        line.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}

extension TableFormat {
    private init(delimiter: Character) {
        self.init(delimiter: delimiter.asciiValue ?? UInt8(ascii: ","))
    }
}
