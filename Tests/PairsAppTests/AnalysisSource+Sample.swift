@testable import PairsTools

extension AnalysisSource {
    /// A file of a number of rows without a time.
    static func sample(rows: Int) -> AnalysisSource {
        var source = AnalysisSource(origin: .file("pair.csv"), series: [("y", "eth"), ("x", "btc")], rowsRead: rows)
        source.usableRows = rows
        return source
    }
}
