/// Why a file cannot be replayed.
public enum ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is missing, may not be read, or is damaged as a whole.
    case unreadable(path: String, reason: String)
    /// A table without a column that is needed; `names` are some of the names it may have.
    case missingColumn(path: String, line: Int, names: [String], header: String)
    /// A table in which two columns have one name.
    case repeatedColumn(path: String, line: Int, name: String)
    /// The file is well, but cannot be used as it is.
    case unusable(path: String, problem: String)
    /// No row of the file gave a trade; `first` says what is wrong with the first row.
    case noTrades(path: String, lines: Int, first: RefusedRows.Row?)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path == StoredFile.standardInput ? "standard input" : path): \(reason)"
        case .unusable(let path, let problem):
            "\(path): \(problem)"
        case .missingColumn(let path, let line, let names, let header):
            "\(path):\(line): the header has no column \(names.joined(separator: " or ")); its columns are \(header)"
        case .repeatedColumn(let path, let line, let name):
            "\(path):\(line): two columns are named `\(name)`; rename one of them, or remove it"
        case .noTrades(let path, _, let first?):
            "\(path):\(first.line): \(first.problem); no row of the file is a trade"
        case .noTrades(let path, let lines, nil):
            lines == 0
                ? "\(path): the file is empty; needed are Binance frames, a dump, a table of trades or rows of JSON"
                : "\(path): none of its \(lines) lines holds a trade; needed are Binance frames, a dump, a table of "
                    + "trades with a header, or rows of JSON"
        }
    }
}
