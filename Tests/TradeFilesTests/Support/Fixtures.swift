import Logging
import MarketData

/// Shared small inputs of several suites.
enum Fixtures {
    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// 2024-08-09T00:00:00Z, from which the times of ``table(_:)`` count.
    static let start = Timestamp(microseconds: 1_723_161_600_000_000)

    /// A table whose first column is in milliseconds since ``start``, converted to milliseconds since 1970.
    static func table(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let cells = line.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
            guard cells.count == 2, let time = Int64(cells[0]), time >= 0 else { return String(line) }
            return "\(start.microseconds / 1000 + time),\(cells[1])"
        }.joined(separator: "\n")
    }
}
