import Foundation

/// Lines of a report for a terminal of 80 columns.
struct ReportText {
    /// Columns of a line.
    static let width = 80
    /// The column at which values begin.
    static let valueColumn = 28
    /// The column at which meanings begin.
    static let meaningColumn = 42

    /// The lines so far.
    private(set) var lines: [String] = []

    /// The lines as one text.
    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Begins a section.
    mutating func heading(_ title: String) {
        if !lines.isEmpty { lines.append("") }
        lines.append(title)
    }

    /// Adds sentences over the full width.
    mutating func paragraph(_ text: String, indentation: Int = 0) {
        lines += Self.wrapped(text, width: Self.width - indentation)
            .map { String(repeating: " ", count: indentation) + $0 }
    }

    /// Adds a key with its text, wrapped beside it.
    mutating func field(_ key: String, _ text: String, column: Int) {
        let padded = Self.padded(key, to: column)
        let rest = Self.wrapped(text, width: Self.width - padded.count)
        lines.append(rest.first.map { padded + $0 } ?? key)
        for line in rest.dropFirst() { lines.append(String(repeating: " ", count: padded.count) + line) }
    }

    /// Adds a key, its value and its meaning.
    mutating func figure(_ key: String, _ value: String?, _ meaning: String?) {
        guard let value else {
            field(key, meaning ?? "", column: Self.valueColumn)
            return
        }
        guard let meaning else {
            field(key, value, column: Self.valueColumn)
            return
        }
        var beginning = Self.padded(key, to: Self.valueColumn) + value
        if beginning.count + 2 > Self.meaningColumn {
            field(key, value, column: Self.valueColumn)
            beginning = ""
        }
        let column = Self.meaningColumn
        for line in Self.wrapped(meaning, width: Self.width - column) {
            lines.append(Self.padded(beginning, to: column) + line)
            beginning = ""
        }
    }

    /// The key with blanks up to a column, at least one.
    private static func padded(_ key: String, to column: Int) -> String {
        key + String(repeating: " ", count: max(key.isEmpty ? 0 : 1, column - key.count))
    }

    /// The text in lines no longer than the width; a longer word is cut.
    static func wrapped(_ text: String, width: Int) -> [String] {
        let width = max(1, width)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = String(word)
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            while word.count > width {
                lines.append(String(word.prefix(width)))
                word = String(word.dropFirst(width))
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension Double {
    /// The number with six significant digits at most, as people read it.
    var significant: String { String(format: "%.6g", self) }
}
