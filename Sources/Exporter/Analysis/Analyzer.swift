import MarketData
import PairEngine

/// The on-demand diagnostic: reads a file or a store and reports on a pair or a series.
package struct Analyzer: Sendable {
    let settings: AnalysisSettings

    /// An analyzer with these settings.
    package init(settings: AnalysisSettings) {
        self.settings = settings
    }

    /// Regresses one series of a file on another.
    /// - Parameters:
    ///   - file: a table with a header; `-` is standard input.
    ///   - y: the column, ticker or symbol that is explained.
    ///   - x: the one that explains.
    package func pair(csv file: String, y: String, x: String) throws(AnalysisError) -> AnalysisReport {
        let table = try PriceTable(
            file,
            [("y", y), ("x", x)],
            isLog: settings.price != .level,
            window: settings.window
        )
        let slots = zip(table.values[1], table.values[0]).map { PairAnalysis.Slot((x: $0, y: $1, isCarried: false)) }
        let analysis = PairAnalysis(slots, settings: settings, timeframe: Self.rowLength)
        return AnalysisReport(analysis, source: table.source)
    }

    /// Tests one series of a file.
    /// - Parameters:
    ///   - file: a table with a header; `-` is standard input.
    ///   - column: the column, ticker or symbol.
    package func series(csv file: String, column: String) throws(AnalysisError) -> AnalysisReport {
        let table = try PriceTable(
            file,
            [("series", column)],
            isLog: settings.price == .log,
            window: settings.window
        )
        return AnalysisReport(SeriesAnalysis(table.values[0], settings: settings), source: table.source)
    }

    /// Rows of a file count as bars of one length, whichever it is.
    private static let rowLength = Timeframe.second
}
