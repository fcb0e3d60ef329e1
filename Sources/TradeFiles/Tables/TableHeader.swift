import TradeFeeds

/// The names of a table's columns, the last line of the header, and the delimiter of cells.
package struct TableHeader: Sendable {
    /// One column.
    package struct Column: Hashable, Sendable {
        /// The name in the file; a field such as `Close` where the header also has a line of tickers.
        package var name: String
        /// The ticker above the column in a header of several lines.
        package var ticker: String?

        package init(name: String, ticker: String? = nil) {
            self.name = name
            self.ticker = ticker
        }
    }

    package let columns: [Column]
    package let format: TableFormat
    /// The last line of the header; 0 where the file has none.
    package let lastLine: Int
    /// Reads the numbers of the table, with the decimal mark of the first rows.
    package private(set) var numbers: NumberText
    private let positions: [ColumnName: Int]

    /// The number of the line with the columns' names, from 1; that of the first row where there is none.
    package var line: Int { format == .json ? lastLine + 1 : max(1, lastLine) }

    /// A header from its parts.
    package init(columns: [Column], format: TableFormat, lastLine: Int) {
        self.columns = columns
        self.format = format
        self.lastLine = lastLine
        numbers = NumberText(
            mayHaveComma: format.mayHaveDecimalComma,
            mayHaveThousands: format.mayHaveThousandsComma
        )
        var positions: [ColumnName: Int] = [:]
        let names = columns.map { ColumnName.plain($0.name) }
        for meaning in ColumnName.allCases {
            positions[meaning] = meaning.names.lazy.compactMap { names.firstIndex(of: $0) }.first
        }
        self.positions = positions
    }

    /// The implied header of a format without one.
    package init(implied names: String) {
        let columns = names.split(separator: ",", omittingEmptySubsequences: false).map { Column(name: String($0)) }
        self.init(columns: columns, format: .commas, lastLine: 0)
    }

    /// Finds the header at the start of a file, also after introductory lines of a vendor.
    /// - Parameters:
    ///   - start: the first lines.
    ///   - isWanted: whether a line with these plain names (``ColumnName/plain(_:)``) is the header. Without such a
    ///     line, the header is the first line with as many cells as the next one.
    /// - Returns: nil for a file without lines.
    package init?(_ start: FileStart, isWanted: (Set<String>) -> Bool) {
        guard
            let header = Self.headerOfJSON(start) ?? Self.inComment(start, isWanted) ?? Self.wanted(start, isWanted)
                ?? Self.likeliest(start)
        else { return nil }
        self = header
        if format.mayHaveThousandsComma { numbers.detectDecimalMark(from: start.rows(of: self)) }
    }

    /// The header in the last comment before the rows; nil where that comment is not a header.
    static func inComment(_ start: FileStart, _ isWanted: (Set<String>) -> Bool) -> TableHeader? {
        guard let comment = start.comment, let first = start.lines.first else { return nil }
        return formats(of: comment).lazy.map { format in
            (format: format, names: cells(comment.bytes, format))
        }.first { format, names in
            let cells = cells(first.bytes, format)
            return cells.count == names.count && isWanted(plain(names)) && !isWanted(plain(cells))
        }.map { format, names in
            TableHeader(columns: names.map { Column(name: $0) }, format: format, lastLine: comment.number)
        }
    }

    private static func plain(_ names: [String]) -> Set<String> {
        Set(names.map(ColumnName.plain))
    }

    private static func wanted(_ start: FileStart, _ isWanted: (Set<String>) -> Bool) -> TableHeader? {
        for index in start.lines.indices {
            for format in formats(of: start.lines[index]) {
                if let header = headerWithTickers(start, at: index, format) { return header }
                let names = names(start, at: index, format)
                guard isWanted(plain(names)) else { continue }
                let header = header(start, at: index, format, names)
                // Rows before the header would be lost.
                let hasRows = start.lines[..<index].contains { header.mayBeRow($0.bytes) }
                return hasRows ? nil : header
            }
        }
        return nil
    }

    /// Whether a line has as many cells as the header, and one of them is a time.
    private func mayBeRow(_ line: [UInt8]) -> Bool {
        var splitter = FieldSplitter(header: self)
        do {
            try splitter.splitRow(line.span.bytes)
        } catch {
            return false
        }
        return splitter.fields.contains { TimeText.time(line.span.bytes, $0) != nil }
    }

    /// The position of the column with a meaning.
    package func position(of meaning: ColumnName) -> Int? {
        positions[meaning]
    }

    /// The names of the columns for a message.
    package var names: String {
        let shown = columns.prefix(Self.shownNames).map { column in
            RowFault.excerpt(column.ticker.map { "\(column.name) \($0)" } ?? column.name)
        }
        let rest = columns.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static let shownNames = 40

    /// A name with a meaning that two columns share, so that neither can be used; nil without one.
    var repeatedName: String? {
        var known: Set<Column> = []
        return columns.first { column in
            let plain = Column(name: ColumnName.plain(column.name), ticker: column.ticker)
            return Self.namesWithMeaning.contains(plain.name) && !known.insert(plain).inserted
        }?.name
    }

    private static let namesWithMeaning = Set(ColumnName.allCases.flatMap(\.names))

    private static func header(
        _ start: FileStart,
        at index: Int,
        _ format: TableFormat,
        _ names: [String]
    ) -> TableHeader {
        TableHeader(columns: names.map { Column(name: $0) }, format: format, lastLine: start.lines[index].number)
    }

    /// The cells of a line as names of columns.
    private static func names(_ start: FileStart, at index: Int, _ format: TableFormat) -> [String] {
        var names = cells(start.lines[index].bytes, format)
        // pandas writes the index column without a name.
        if names.first?.isEmpty == true, index + 1 < start.lines.count, isTime(start.lines[index + 1].bytes, format) {
            names[0] = "time"
        }
        return names
    }

    /// The keys of the first rows where lines are JSON objects, because a row may omit some; nil where they are not.
    /// The first object may contain the parameters of an export.
    private static func headerOfJSON(_ start: FileStart) -> TableHeader? {
        var last = 0
        var names: [String] = []
        for line in start.lines {
            let plain = JSONEscapes.decoded(line.bytes.span.bytes) ?? line.bytes
            guard let keys = JSONKeys.names(plain.span.bytes) else {
                if names.isEmpty { return nil }
                continue
            }
            if names.isEmpty, keys == ["parameters"] {
                last = line.number
            } else {
                // A duplicate key of the first row is kept, so that it is reported as an error.
                names += names.isEmpty ? keys : keys.filter { !names.contains($0) }
            }
        }
        return names.isEmpty
            ? nil : TableHeader(columns: names.map { Column(name: $0) }, format: .json, lastLine: last)
    }

    /// Whether the first cell of a line is a time.
    private static func isTime(_ line: [UInt8], _ format: TableFormat) -> Bool {
        var splitter = FieldSplitter(format: format)
        do {
            try splitter.split(line.span.bytes)
        } catch {
            return false
        }
        return splitter.fields.first.flatMap { TimeText.time(line.span.bytes, $0) } != nil
    }

    /// The header of pandas for columns with two names: a line of fields, a line of tickers, and a line with the name
    /// of the index.
    private static func headerWithTickers(
        _ start: FileStart,
        at index: Int,
        _ format: TableFormat
    ) -> TableHeader? {
        guard index + 2 < start.lines.count else { return nil }
        // The third line is tested first, because it rules out most files without a split of the others.
        let last = cells(start.lines[index + 2].bytes, format)
        guard last.count > 1, last.dropFirst().allSatisfy(\.isEmpty),
            ["date", "datetime"].contains(ColumnName.plain(last[0]))
        else { return nil }
        let lines = start.lines[index...(index + 1)].map { cells($0.bytes, format) }
        guard lines.allSatisfy({ $0.count == last.count }) else { return nil }
        let columns = zip(lines[0], lines[1]).dropFirst().map { Column(name: $0, ticker: $1) }
        return TableHeader(
            columns: [Column(name: last[0])] + columns,
            format: format,
            lastLine: start.lines[index + 2].number
        )
    }

    /// The first line with as many cells as the next one, in the format with the most cells.
    private static func likeliest(_ start: FileStart) -> TableHeader? {
        guard !start.lines.isEmpty else { return nil }
        let format = TableFormat.all.max { first, second in
            let counts = [first, second].map { format in start.lines.map { cells($0.bytes, format).count }.max() ?? 0 }
            return counts[0] < counts[1]
        }
        guard let format else { return nil }
        let counts = start.lines.map { cells($0.bytes, format).count }
        let most = counts.max() ?? 1
        let index = counts.indices.dropLast().first { counts[$0] == counts[$0 + 1] && (counts[$0] > 1 || most == 1) }
        let line = index ?? counts.firstIndex(of: most) ?? 0
        return header(start, at: line, format, names(start, at: line, format))
    }

    /// The possible delimiters of a line.
    private static func formats(of line: FileStart.Line) -> [TableFormat] {
        let formats = TableFormat.all.filter { line.bytes.contains($0.delimiter) }
        return formats.isEmpty ? [.commas] : formats
    }

    private static func cells(_ line: [UInt8], _ format: TableFormat) -> [String] {
        var splitter = FieldSplitter(format: format)
        do {
            try splitter.split(line.span.bytes)
        } catch {
            return []
        }
        return splitter.fields.map { FieldSplitter.text(line.span.bytes, $0) }
    }
}
