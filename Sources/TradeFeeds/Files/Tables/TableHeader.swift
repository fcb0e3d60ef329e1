/// The names of a table's columns, where they end, and what stands between cells.
package struct TableHeader: Sendable {
    /// One column.
    package struct Column: Hashable, Sendable {
        /// As the file writes it; a field such as `Close` where the header has a line of tickers as well.
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
    private let positions: [ColumnName: Int]

    /// A header from its parts.
    package init(columns: [Column], format: TableFormat, lastLine: Int) {
        self.columns = columns
        self.format = format
        self.lastLine = lastLine
        var positions: [ColumnName: Int] = [:]
        let names = columns.map { ColumnName.plain($0.name) }
        for meaning in ColumnName.allCases {
            positions[meaning] = meaning.names.lazy.compactMap { names.firstIndex(of: $0) }.first
        }
        self.positions = positions
    }

    /// The header that a format implies where the file has none.
    package init(implied names: String) {
        let columns = names.split(separator: ",", omittingEmptySubsequences: false).map { Column(name: String($0)) }
        self.init(columns: columns, format: .commas, lastLine: 0)
    }

    /// Finds the header at the start of a file: behind a vendor's first lines, which have other numbers of cells.
    /// - Parameters:
    ///   - start: the first lines.
    ///   - isWanted: whether a line with these plain names (``ColumnName/plain(_:)``) is the header. Where none is, it is
    ///     the first line with as many cells as the line below it.
    /// - Returns: nil for a file without lines.
    package init?(_ start: FileStart, isWanted: (Set<String>) -> Bool) {
        if let header = Self.headerOfJSON(start) {
            self = header
            return
        }
        for index in start.lines.indices {
            for format in Self.formats(of: start.lines[index]) {
                if let header = Self.headerWithTickers(start, at: index, format) {
                    self = header
                    return
                }
                let header = Self.header(start, at: index, format)
                if isWanted(Set(header.columns.map { ColumnName.plain($0.name) })) {
                    self = header
                    return
                }
            }
        }
        guard let (index, format) = Self.likeliest(start) else { return nil }
        self = Self.header(start, at: index, format)
    }

    /// The position of the column with a meaning.
    package func position(of meaning: ColumnName) -> Int? {
        positions[meaning]
    }

    /// The columns' names for a message.
    package var names: String {
        columns.map { column in column.ticker.map { "\(column.name) \($0)" } ?? column.name }.joined(separator: ", ")
    }

    /// A name with a meaning that two columns have, so that it says of neither what it holds.
    package var repeatedName: String? {
        var known: Set<Column> = []
        return columns.first { column in
            let plain = Column(name: ColumnName.plain(column.name), ticker: column.ticker)
            return Self.meantNames.contains(plain.name) && !known.insert(plain).inserted
        }?.name
    }

    private static let meantNames = Set(ColumnName.allCases.flatMap(\.names))

    private static func header(_ start: FileStart, at index: Int, _ format: TableFormat) -> TableHeader {
        let line = start.lines[index]
        var names = cells(line.bytes, format)
        // pandas writes an index without a name.
        if names.first?.isEmpty == true, index + 1 < start.lines.count, isTime(start.lines[index + 1].bytes, format) {
            names[0] = "time"
        }
        return TableHeader(columns: names.map { Column(name: $0) }, format: format, lastLine: line.number)
    }

    /// The keys of the first row where lines are JSON objects; nil where they are not. The parameters of an export may
    /// stand before it.
    private static func headerOfJSON(_ start: FileStart) -> TableHeader? {
        var last = 0
        for line in start.lines {
            guard let keys = JSONKeys.names(line.bytes.span.bytes) else { return nil }
            if keys != ["parameters"] {
                return TableHeader(columns: keys.map { Column(name: $0) }, format: .json, lastLine: last)
            }
            last = line.number
        }
        return nil
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

    /// The header of pandas for columns with two names: fields, tickers, and a line that names the index alone.
    private static func headerWithTickers(
        _ start: FileStart,
        at index: Int,
        _ format: TableFormat
    ) -> TableHeader? {
        guard index + 2 < start.lines.count else { return nil }
        let lines = start.lines[index...(index + 2)].map { cells($0.bytes, format) }
        guard lines[0].count > 1, lines.allSatisfy({ $0.count == lines[0].count }),
            ["date", "datetime"].contains(ColumnName.plain(lines[2][0])), lines[2].dropFirst().allSatisfy(\.isEmpty)
        else { return nil }
        let columns = zip(lines[0], lines[1]).dropFirst().map { Column(name: $0, ticker: $1) }
        return TableHeader(
            columns: [Column(name: lines[2][0])] + columns,
            format: format,
            lastLine: start.lines[index + 2].number
        )
    }

    /// The first line with as many cells as the line below it, by the format that gives the most.
    private static func likeliest(_ start: FileStart) -> (index: Int, format: TableFormat)? {
        guard !start.lines.isEmpty else { return nil }
        let format = TableFormat.all.max { first, second in
            let counts = [first, second].map { format in start.lines.map { cells($0.bytes, format).count }.max() ?? 0 }
            return counts[0] < counts[1]
        }
        guard let format else { return nil }
        let counts = start.lines.map { cells($0.bytes, format).count }
        let most = counts.max() ?? 1
        let index = counts.indices.dropLast().first { counts[$0] == counts[$0 + 1] && (counts[$0] > 1 || most == 1) }
        return (index ?? counts.firstIndex(of: most) ?? 0, format)
    }

    /// What may stand between the cells of a line.
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
