import MarketData
import PairsApp
import TradeFeeds
import TradeFiles

/// Reads the column that orders the rows of a table: moments, or plain numbers that are none.
struct TimeKey {
    /// The position of the column.
    let position: Int
    let name: String
    /// The position of the date where ``position`` has the time of day alone.
    private let datePosition: Int?
    /// The kind of the cells; known from the first row on.
    private(set) var values: RowOrder.Values?
    private var firstLine = 0
    /// The position of the month in dates that do not begin with the year.
    private var dateOrder: DateOrder?

    /// The column of a table that is a time: one with a usual name for a time, or a first column of dates.
    /// - Parameter cells: the cells of the first row, as text.
    init?(_ header: TableHeader, firstRow cells: [String], used: Set<Int>) {
        if let named = header.position(of: .time), !used.contains(named) {
            position = named
        } else if let first = cells.first, !used.contains(0), Self.isDate(first) || Self.isForeignDate(first) {
            position = 0
        } else {
            return nil
        }
        let name = header.columns[position].name
        let date = header.columns.firstIndex { ColumnName.plain($0.name) == "date" }
        if let date, date != position, !Self.isDate(cells[position]), Self.isDate(cells[date] + " " + cells[position]) {
            datePosition = date
            self.name = "\(header.columns[date].name) and \(name)"
        } else {
            datePosition = nil
            self.name = name.isEmpty ? "without a name" : RowFault.excerpt(name)
        }
    }

    /// Finds the position of the month in dates such as `8/24/2015`; does nothing for others.
    /// - Parameters:
    ///   - cells: the cells of the first row, as text.
    ///   - path: the file.
    mutating func findDateOrder(firstRow cells: [String], path: String, header: TableHeader) throws(RowFault) {
        guard DateOrder.isDate(cells[position]) else { return }
        dateOrder = try DateOrder(path: path, header: header, position: position)
    }

    /// The value of the column in a row: microseconds, or the number itself.
    /// - Throws: for a cell that is neither, or of another kind than the cells before it.
    mutating func read(
        _ line: RawSpan,
        _ cells: [Range<Int>],
        lineNumber: Int,
        _ numbers: inout NumberText
    ) throws(RowFault) -> Double {
        let cell = cells[position]
        if let datePosition {
            let text = FieldSplitter.text(line, cells[datePosition]) + " " + FieldSplitter.text(line, cell)
            if let moment = Self.moment(text) {
                values = .times
                return Double(moment.microseconds)
            }
            throw RowFault(.time, column: name, found: text, right: rule(isNumber: false))
        }
        let moment = dateOrder.map { $0.moment(FieldSplitter.text(line, cell)) } ?? Self.moment(line, cell)
        let found: RowOrder.Values = moment == nil ? .rowNumbers : .times
        if values == nil { (values, firstLine) = (found, lineNumber) }
        let number = moment.map { Double($0.microseconds) } ?? numbers.double(line, cell)
        guard let number, values == found else {
            throw RowFault(
                .time,
                column: name,
                found: FieldSplitter.text(line, cell),
                right: rule(isNumber: number != nil)
            )
        }
        return number
    }

    private func rule(isNumber: Bool) -> String {
        if isNumber, values == .rowNumbers { return "a row number, as in line \(firstLine)" }
        return "\(TimeText.rule); dates may begin in the year \(Self.firstYear)"
    }

    private static let firstYear = 1800
    /// 1800-01-01 in microseconds since 1970.
    private static let firstMoment: Int64 = -5_364_662_400_000_000
    /// 2101-01-01.
    private static let endOfMoments: Int64 = 4_133_980_800_000_000

    private static func moment(_ line: RawSpan, _ cell: Range<Int>) -> Timestamp? {
        if let time = TimeText.time(line, cell) { return time }
        return TimeText.date(line, cell).flatMap { date in
            (firstMoment..<endOfMoments).contains(date.microseconds) ? date : nil
        }
    }

    private static func moment(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        return moment(bytes.span.bytes, 0..<bytes.count)
    }

    private static func isDate(_ text: String) -> Bool { moment(text) != nil }

    /// Whether a text begins as a date of another form, such as `31.12.2024` or `12/31/24`: it is a time that is
    /// refused.
    private static func isForeignDate(_ text: String) -> Bool {
        let date = text.prefix { $0.isWholeNumber || "/.-".contains($0) }
        let parts = date.split(omittingEmptySubsequences: false) { !$0.isWholeNumber }
        return parts.count == 3 && parts.allSatisfy { (1...4).contains($0.count) }
    }
}
