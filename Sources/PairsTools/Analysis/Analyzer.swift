import MarketData
import PairEngine
import RealModule

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
            mustBePositive: settings.price != .level,
            window: settings.window
        )
        let rows = zip(table.values[0], table.values[1]).enumerated()
        let bars = rows.lazy.flatMap { row, prices in
            [Self.bar(PairBars.y, row, prices.0), Self.bar(PairBars.x, row, prices.1)]
        }
        let analysis = PairAnalysis(
            bars,
            slots: 0...Int64(table.source.usableRows - 1),
            settings: settings,
            timeframe: Self.rowLength
        )
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
            mustBePositive: settings.price == .log,
            window: settings.window
        )
        let values = settings.price == .log ? table.values[0].map { .log($0) } : table.values[0]
        return AnalysisReport(SeriesAnalysis(values, settings: settings), source: table.source)
    }

    /// Rows of a file count as bars of one length, whichever it is.
    private static let rowLength = Timeframe.second

    private static func bar(_ leg: InstrumentID, _ row: Int, _ price: Double) -> Bar {
        Bar(instrument: leg, timeframe: rowLength, slot: Int64(row), state: .traded, prices: .carried(price))
    }
}
