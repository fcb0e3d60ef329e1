@testable import Exporter

extension AnalysisSource {
    /// A file of so many rows without a time.
    static func sample(rows: Int) -> AnalysisSource {
        var source = AnalysisSource(origin: .file("pair.csv"), series: [("y", "eth"), ("x", "btc")], rowsRead: rows)
        source.usableRows = rows
        return source
    }
}
