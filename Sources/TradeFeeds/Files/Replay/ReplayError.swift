/// Why a file cannot be replayed.
public enum ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is missing, may not be read, or is damaged as a whole.
    case unreadable(path: String, reason: String)
    /// A CSV file without a column that is needed; `names` are the names it may have.
    case missingColumn(path: String, names: [String], header: String)
    /// The file is well, but cannot be used as it is.
    case unusable(path: String, problem: String)
    /// No line of the file gave a trade.
    case noTrades(path: String, lines: Int)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): \(reason)"
        case .unusable(let path, let problem):
            "\(path): \(problem)"
        case .missingColumn(let path, let names, let header):
            "\(path):1: no column \(names.joined(separator: " or ")) in the header \"\(header)\""
        case .noTrades(let path, let lines):
            "\(path): none of its \(lines) lines holds a trade; needed are Binance frames, a dump, CSV with a header or rows of JSON"
        }
    }
}
