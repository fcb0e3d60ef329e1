import MarketData
import TradeFeeds

/// The column of a table's times, or two columns with the date and the time of day.
struct TimeColumn {
    let position: Int
    private let timeOfDay: Int?

    /// Finds the column; nil when the header has none.
    /// - Parameter start: the first lines, which show whether a time is a time of day.
    init?(_ header: TableHeader, _ start: FileStart) {
        guard let position = header.position(of: .time) else { return nil }
        let names = header.columns.map { ColumnName.plain($0.name) }
        // When a more precise column exists, date and time may be in another time zone.
        guard let date = names.firstIndex(of: "date"), let time = names.firstIndex(of: "time"),
            [date, time].contains(position), let row = start.rows(of: header).first, Self.isTimeOfDay(row[time])
        else {
            (self.position, timeOfDay) = (position, nil)
            return
        }
        self.position = date
        timeOfDay = Self.isDate(row[date]) ? time : nil
    }

    /// The time of a row; nil when the cell has none of the forms of ``TimeText``.
    func time(_ cells: [Range<Int>], in line: RawSpan) -> Timestamp? {
        guard let time = TimeText.time(line, cells[position]) else { return nil }
        guard let timeOfDay else { return time }
        guard Self.isDate(line, cells[position]) else { return nil }
        return ISO8601.timeOfDay(line, cells[timeOfDay]).map { time + $0 }
    }

    /// Whether a time is a date without a time of day, such as `2024-08-08` or `20240808`.
    private static func isDate(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        range.count <= 10 && TimeText.date(bytes, range) != nil
    }

    private static func isDate(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return isDate(bytes.span.bytes, 0..<bytes.count)
    }

    private static func isTimeOfDay(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count >= 4 && TimeText.time(bytes.span.bytes, 0..<bytes.count) == nil
            && ISO8601.timeOfDay(bytes.span.bytes, 0..<bytes.count) != nil
    }
}
