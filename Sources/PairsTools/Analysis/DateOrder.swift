import MarketData
import TradeFiles

/// Which of the first two numbers is the month in dates such as `8/24/2015` and `24.8.2015`.
///
/// One date does not show it; the complete column does, if one of its numbers is above twelve.
enum DateOrder {
    case monthFirst
    case dayFirst

    /// Reads every row of a column.
    /// - Throws: `RowFault` where the column contradicts itself, or leaves the order open.
    init(path: String, header: TableHeader, position: Int) throws(RowFault) {
        let name = header.columns[position].name
        var hasDay = (first: false, second: false)
        var isPointed = false
        do {
            let reader = try TableReader(path: path, header: header)
            while let dates = try reader.withNextRow({ row, line -> [Numbers] in
                guard case .cells(let cells) = row else { return [] }
                return Numbers(FieldSplitter.text(line, cells[position])).map { [$0] } ?? []
            }) {
                for date in dates {
                    hasDay = (hasDay.first || date.first > 12, hasDay.second || date.second > 12)
                    isPointed = isPointed || date.separator == "."
                }
            }
        } catch {
            throw RowFault(.time, "\(error)")
        }
        switch hasDay {
        case (true, false): self = .dayFirst
        case (false, true): self = .monthFirst
        // Dates with points have the day first in every country that uses them.
        case (false, false) where isPointed: self = .dayFirst
        case (false, false):
            throw RowFault(
                .time,
                "no date of the column \(name) shows which number is the month; write dates as 2024-08-31"
            )
        case (true, true):
            throw RowFault(.time, "the column \(name) has the month first and the day first; write dates as 2024-08-31")
        }
    }

    /// The moment of a text of this order, with a time of day behind the date where there is one.
    func moment(_ text: String) -> Timestamp? {
        guard let date = Numbers(text) else { return nil }
        let (month, day) = self == .monthFirst ? (date.first, date.second) : (date.second, date.first)
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let bytes = Array("\(date.year)-\(twoDigits(month))-\(twoDigits(day))\(date.rest)".utf8)
        return TimeText.date(bytes.span.bytes, 0..<bytes.count)
    }

    /// Whether a text begins with such a date.
    static func isDate(_ text: String) -> Bool { Numbers(text) != nil }

    /// The parts of a date.
    private struct Numbers {
        let first: Int
        let second: Int
        /// Four digits.
        let year: Substring
        let separator: Character
        /// What follows the date.
        let rest: Substring

        init?(_ text: String) {
            let date = text.prefix { $0 != " " }
            guard let separator = date.first(where: { !$0.isASCII || !$0.isNumber }), "/.-".contains(separator) else {
                return nil
            }
            let parts = date.split(separator: separator, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].count == 4, parts[2].allSatisfy({ $0.isASCII && $0.isNumber }),
                parts[0].count <= 2, parts[1].count <= 2, let first = Int(parts[0]), let second = Int(parts[1]),
                (1...31).contains(first), (1...31).contains(second)
            else { return nil }
            (self.first, self.second, self.separator) = (first, second, separator)
            year = parts[2]
            rest = text[date.endIndex...]
        }
    }
}
