import Foundation
import PairsApp

/// How rows are written.
package enum RowFormat: String, Sendable, CaseIterable {
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// One JSON object per line.
    case ndjson
}

/// Writes rows of named columns as text.
struct RowWriter {
    /// One value of a row.
    enum Cell {
        /// Text, quoted where the format needs it.
        case text(String)
        /// A number as it is written.
        case number(String)
        /// Texts by name: `name:text` separated by spaces, or an object.
        case pairs([(name: String, value: String)])
        /// No value: an empty cell, or null.
        case none

        /// A number with all its digits; none for one that is not finite.
        static func number(_ value: Double?) -> Cell {
            guard let value, value.isFinite else { return .none }
            return .number(value.description)
        }
    }

    private static let flushSize = 1 << 16

    private let format: RowFormat
    /// The text before each value of a JSON row.
    private let prefixes: [String]
    private var text: String
    private var count = 0

    /// - Parameters:
    ///   - format: how the rows are written.
    ///   - columns: the names of their cells.
    ///   - parameters: written before the rows: comments in CSV, an object in JSON; nothing is written where there are
    ///     none.
    init(_ format: RowFormat, columns: [String], parameters: [(name: String, value: String)]) {
        self.format = format
        prefixes = columns.enumerated().map { "\($0 == 0 ? "{" : ",")\(JSONValue.string($1).text):" }
        switch format {
        case .csv:
            text = parameters.map { "# \($0.name): \($0.value)\n" }.joined() + columns.joined(separator: ",") + "\n"
        case .ndjson:
            text = parameters.isEmpty ? "" : "{\"parameters\":\(Self.object(parameters))}\n"
        }
    }

    mutating func append(_ row: [Cell]) {
        count += 1
        switch format {
        case .csv:
            for (index, cell) in row.enumerated() {
                if index > 0 { text += "," }
                switch cell {
                case .text(let value): text += Self.quoted(value)
                case .number(let value): text += value
                case .pairs(let pairs): text += pairs.map { "\($0.name):\($0.value)" }.joined(separator: " ")
                case .none: break
                }
            }
            text += "\n"
        case .ndjson:
            for (prefix, cell) in zip(prefixes, row) {
                text += prefix
                switch cell {
                case .text(let value): text += JSONValue.string(value).text
                case .number(let value): text += value
                case .pairs(let pairs): text += Self.object(pairs)
                case .none: text += "null"
                }
            }
            text += "}\n"
        }
    }

    /// Delivers the collected text, once it is long enough for a write.
    mutating func flush(_ sink: (Data) throws -> Void) throws {
        if text.utf8.count >= Self.flushSize { try write(to: sink) }
    }

    /// Delivers the rest; returns how many rows there were.
    mutating func finish(_ sink: (Data) throws -> Void) throws -> Int {
        try write(to: sink)
        return count
    }

    private mutating func write(to sink: (Data) throws -> Void) throws {
        try sink(Data(text.utf8))
        text.removeAll(keepingCapacity: true)
    }

    private static func object(_ pairs: [(name: String, value: String)]) -> String {
        JSONValue.object(pairs.map { ($0.name, .string($0.value)) }).line
    }

    private static func quoted(_ value: String) -> String {
        guard value.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
