import PairsApp
import TradeFeeds
import TradeFiles

/// Reads the rows of a table that an analysis uses.
struct PriceTableReader {
    /// The rows of each symbol, by its spelling in the file; one entry in a table with a column for each leg.
    private(set) var rows: [String: TimedRows] = [:]
    /// Rows with a cell without a value.
    private(set) var blankRows = 0
    /// Rows of the file, whatever their symbol.
    private(set) var rowsRead = 0
    private(set) var key: TimeKey?
    let header: TableHeader
    let choice: ColumnChoice

    /// The file for messages.
    let file: String
    private let path: String
    private let mustBePositive: Bool
    private let columns: [Int]
    private let wanted: Set<String>
    private var values: [Double] = []

    /// Reads a table to its end.
    /// - Parameters:
    ///   - names: columns, or symbols of a table in long format.
    ///   - mustBePositive: whether each value must have a logarithm.
    init(_ path: String, names: [String], mustBePositive: Bool) throws(AnalysisError) {
        self.path = path
        file = path == "-" ? "standard input" : path
        self.mustBePositive = mustBePositive
        let reader: TableReader
        do {
            let start = try FileStart(path: path)
            guard let header = TableHeader(start, isWanted: { ColumnChoice.isHeader($0, for: names) }) else {
                throw AnalysisError("is empty; a header and rows of numbers are needed", file: file)
            }
            self.header = header
            reader = try TableReader(path: path, header: header)
        } catch let error as AnalysisError {
            throw error
        } catch {
            throw AnalysisError("\(error)")
        }
        choice = try ColumnChoice(names, in: header, file: file)
        try choice.checkNames(header, file: file)
        switch choice {
        case .wide(let positions): (columns, wanted) = (positions, [])
        case .long(_, let price): (columns, wanted) = ([price], Set(names.map(ColumnName.plain)))
        }
        try readRows(reader)
    }

    private mutating func readRows(_ reader: TableReader) throws(AnalysisError) {
        while true {
            let fault: RowFault??
            do {
                fault = try reader.withNextRow { row, line in
                    do throws(RowFault) {
                        try read(row, line, reader)
                        return nil
                    } catch {
                        return error
                    }
                }
            } catch {
                throw AnalysisError("\(error)")
            }
            guard let fault else { return }
            if let fault { throw AnalysisError(fault.problem, file: file, line: reader.lineNumber) }
        }
    }

    private mutating func read(_ row: TableReader.Row, _ line: RawSpan, _ reader: TableReader) throws(RowFault) {
        let cells: [Range<Int>]
        switch row {
        case .cells(let found): cells = found
        case .failed(let fault): throw fault
        }
        rowsRead += 1
        if rowsRead == 1 {
            let texts = cells.map { FieldSplitter.text(line, $0) }
            key = TimeKey(header, firstRow: texts, used: Set(columns))
            try key?.findDateOrder(firstRow: texts, path: path, header: header)
        }
        var symbol = ""
        if case .long(let position, _) = choice {
            symbol = FieldSplitter.text(line, cells[position])
            guard wanted.contains(ColumnName.plain(symbol)) else {
                rows[symbol, default: TimedRows(series: 1)].skip()
                return
            }
        }
        guard try readValues(cells, line, &reader.numbers) else {
            blankRows += 1
            return
        }
        let time = try readTime(cells, line, reader)
        rows[symbol, default: TimedRows(series: columns.count)].append(key: time, line: reader.lineNumber, values)
    }

    private mutating func readTime(
        _ cells: [Range<Int>],
        _ line: RawSpan,
        _ reader: TableReader
    ) throws(RowFault) -> Double? {
        try key?.read(line, cells, lineNumber: reader.lineNumber, &reader.numbers)
    }

    /// Reads the needed cells; false where one has no value.
    private mutating func readValues(
        _ cells: [Range<Int>],
        _ line: RawSpan,
        _ numbers: inout NumberText
    ) throws(RowFault) -> Bool {
        values.removeAll(keepingCapacity: true)
        if columns.contains(where: { NumberText.isMissing(line, cells[$0]) }) { return false }
        for column in columns {
            let cell = cells[column]
            guard let value = numbers.double(line, cell) else {
                throw fault(column, FieldSplitter.text(line, cell), "must be a number")
            }
            if mustBePositive, value <= 0 {
                throw fault(column, FieldSplitter.text(line, cell), nil)
            }
            values.append(value)
        }
        return true
    }

    private func fault(_ column: Int, _ found: String, _ rule: String?) -> RowFault {
        let (name, found) = (ColumnChoice.label(header.columns[column]), RowFault.excerpt(found))
        guard let rule else {
            return RowFault(.price, "column \(name) is \(found), which has no logarithm; use --price level")
        }
        let hasSeparators = found.contains(where: \.isNumber) && found.contains { ",.' ".contains($0) }
        let hint = hasSeparators ? "; write it without thousands separators" : ""
        return RowFault(.price, "column \(name) \(rule), found \"\(found)\"\(hint)")
    }
}
