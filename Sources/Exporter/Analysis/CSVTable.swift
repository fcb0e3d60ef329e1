/// Columns of numbers from a CSV file with a header (RFC 4180: commas, quotes doubled inside quotes, CRLF or LF).
struct CSVTable {
    private let file: String
    private let header: [String]
    private let rows: [(line: Int, cells: [Substring])]

    /// Reads a document.
    /// - Throws: ``CSVError`` where a row has another number of cells than the header, or a quote does not end.
    init(_ text: String, file: String) throws(CSVError) {
        self.file = file
        var rows: [(line: Int, cells: [Substring])] = []
        var rest = Substring(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
        var line = 1
        while !rest.isEmpty {
            let start = line
            let cells = try Self.row(&rest, line: &line, file: file)
            if cells != [""] { rows.append((start, cells)) }
        }
        guard let header = rows.first else {
            throw CSVError(file: file, line: nil, problem: "is empty; a header and rows of numbers are needed")
        }
        self.header = header.cells.map(String.init)
        self.rows = Array(rows.dropFirst())
        for row in self.rows where row.cells.count != self.header.count {
            throw CSVError(
                file: file,
                line: row.line,
                problem: "has \(row.cells.count) cells, the header has \(self.header.count)"
            )
        }
    }

    /// The lines on which the rows begin.
    var lines: [Int] { rows.map(\.line) }

    /// The numbers of one column.
    /// - Parameters:
    ///   - name: the column's name in the header.
    ///   - mustBePositive: refuses zero and less, which have no logarithm.
    func column(_ name: String, mustBePositive: Bool) throws(CSVError) -> [Double] {
        guard let index = header.firstIndex(of: name) else {
            let columns = header.joined(separator: ", ")
            throw CSVError(file: file, line: 1, problem: "has no column \"\(name)\"; its columns are \(columns)")
        }
        var values: [Double] = []
        values.reserveCapacity(rows.count)
        for row in rows {
            let cell = row.cells[index]
            guard let value = Double(cell), value.isFinite, !cell.contains(where: { "xX".contains($0) }) else {
                let found = cell.isEmpty ? "nothing" : "\"\(cell)\""
                throw CSVError(file: file, line: row.line, problem: "column \(name) must be a number, found \(found)")
            }
            if mustBePositive, value <= 0 {
                throw CSVError(
                    file: file,
                    line: row.line,
                    problem: "column \(name) is \(cell), which has no logarithm; use --price level"
                )
            }
            values.append(value)
        }
        return values
    }

    private static func row(_ rest: inout Substring, line: inout Int, file: String) throws(CSVError) -> [Substring] {
        let start = line
        var cells: [Substring] = []
        while true {
            cells.append(try cell(&rest, line: &line, file: file, start: start))
            guard let separator = rest.popFirst() else { return cells }
            if separator.isNewline {
                line += 1
                return cells
            }
        }
    }

    private static func cell(
        _ rest: inout Substring,
        line: inout Int,
        file: String,
        start: Int
    ) throws(CSVError) -> Substring {
        guard rest.first == "\"" else {
            let end = rest.firstIndex { $0 == "," || $0.isNewline } ?? rest.endIndex
            let cell = rest[..<end]
            rest = rest[end...]
            return Substring(cell.trimmed)
        }
        rest.removeFirst()
        var cell = ""
        while let character = rest.popFirst() {
            if character.isNewline { line += 1 }
            guard character == "\"" else {
                cell.append(character)
                continue
            }
            guard rest.first == "\"" else {
                guard rest.first.map({ $0 == "," || $0.isNewline }) ?? true else {
                    throw CSVError(file: file, line: line, problem: "text follows a closing quote; a comma must")
                }
                return Substring(cell)
            }
            cell.append("\"")
            rest.removeFirst()
        }
        throw CSVError(file: file, line: start, problem: "has a quote that does not end")
    }
}

extension Substring {
    /// Without the blanks at both ends.
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { start[...$0] } ?? ""
    }
}
