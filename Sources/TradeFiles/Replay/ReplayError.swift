/// Why a file cannot be replayed.
package enum ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is missing, unreadable or damaged.
    case unreadable(path: String, reason: String)
    /// A table without a required column; `names` are some of the possible names of it.
    case missingColumn(path: String, line: Int, names: [String], header: String)
    /// A table with two columns of the same name.
    case repeatedColumn(path: String, line: Int, name: String)
    /// The file is readable but cannot be used.
    case unusable(path: String, line: Int? = nil, problem: String)
    /// No row of the file is a trade; `first` is the first row with its problem.
    case noTrades(path: String, lines: Int, first: RefusedRows.Row?)

    /// The place, the error, and how to correct it.
    package var description: String { "\(place): \(problem)" }

    /// The file, with the line where there is one.
    private var place: String {
        switch self {
        case .unreadable(let path, _), .unusable(let path, nil, _), .noTrades(let path, _, nil): Self.name(path)
        case .missingColumn(let path, let line, _, _), .repeatedColumn(let path, let line, _),
            .unusable(let path, let line?, _):
            "\(Self.name(path)):\(line)"
        case .noTrades(let path, _, let first?): "\(Self.name(path)):\(first.line)"
        }
    }

    private var problem: String {
        switch self {
        case .unreadable(_, let reason): reason
        case .unusable(_, _, let problem): problem
        case .missingColumn(_, _, let names, let header):
            "the header has no column \(names.joined(separator: " or ")); its columns are \(header)"
        case .repeatedColumn(_, _, let name):
            "two columns are named `\(name)`; rename one of them, or remove it"
        case .noTrades(_, _, let first?): "\(first.problem); no row of the file is a trade"
        case .noTrades(_, let lines, nil):
            (lines == 0 ? "the file is empty" : "none of its \(lines) lines holds a trade")
                + "; needed are Binance frames, a dump, a table of trades with a header, or rows of JSON"
        }
    }

    /// The name of a file in messages.
    private static func name(_ path: String) -> String {
        path == StoredFile.standardInput ? "standard input" : path
    }
}
