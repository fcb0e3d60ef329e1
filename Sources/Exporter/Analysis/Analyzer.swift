import Foundation
public import MarketData
import PairEngine
import RealModule
import TradeStore

/// The on-demand diagnostic: reads a CSV file or a store and reports on a pair or a series.
public struct Analyzer: Sendable {
    private let settings: AnalysisSettings

    /// An analyzer with these settings.
    public init(settings: AnalysisSettings) {
        self.settings = settings
    }

    /// Regresses one column of a CSV file on another.
    /// - Throws: ``CSVError``.
    public func pair(csv file: String, y: String, x: String) throws(CSVError) -> AnalysisReport {
        let table = try Self.table(file)
        let isLog = settings.price != .level
        let xs = try values(table, x, isLog: isLog)
        let ys = try values(table, y, isLog: isLog)
        let slots = zip(xs, ys).map { PairAnalysis.Slot((x: $0, y: $1, isCarried: false)) }
        return AnalysisReport(PairAnalysis(slots, settings: settings, timeframe: Self.rowLength))
    }

    /// Tests one column of a CSV file.
    /// - Throws: ``CSVError``.
    public func series(csv file: String, column: String) throws(CSVError) -> AnalysisReport {
        let table = try Self.table(file)
        return AnalysisReport(
            SeriesAnalysis(try values(table, column, isLog: settings.price == .log), settings: settings)
        )
    }

    /// Regresses one instrument's stored bars on another's, aligned by time, up to the last bar that both have.
    /// - Parameter end: bars that close later are left out; nil takes all.
    /// - Throws: ``StoreError``.
    public func pair(
        database path: String,
        y: Instrument,
        x: Instrument,
        timeframe: Timeframe,
        through end: Timestamp? = nil
    ) async throws -> AnalysisReport {
        let reader = try SQLiteReader(path: path)
        let end = end.map { timeframe.slot(of: $0) - 1 } ?? .max
        // Every stored bar counts for the past of signals; for one window the last ones do.
        let needed =
            settings.efficacy
            ? nil
            : settings.window.map {
                PairReplay.historyLength(window: $0, thresholds: settings.thresholds) + Self.slack
            }
        let count = needed ?? Int(Int32.max)
        let ys = try await reader.bars(of: y, timeframe: timeframe, last: count, through: end)
        let xs = try await reader.bars(of: x, timeframe: timeframe, last: count, through: end)
        let (slots, firstSlot) = PairAnalysis.slots(y: ys, x: xs, price: settings.price ?? .log)
        return AnalysisReport(
            PairAnalysis(slots, settings: settings, timeframe: timeframe, firstSlot: firstSlot)
        )
    }

    /// Bars by which one leg's last bar may lie behind the other's and still be found.
    private static let slack = 1000
    /// Rows of a file count as bars of one length, whichever it is.
    private static let rowLength = Timeframe.second

    private static func table(_ file: String) throws(CSVError) -> CSVTable {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            let reason =
                FileManager.default.fileExists(atPath: file) ? "is not readable as UTF-8 text" : "does not exist"
            throw CSVError(file: file, line: nil, problem: reason)
        }
        return try CSVTable(text, file: file)
    }

    private func values(_ table: CSVTable, _ column: String, isLog: Bool) throws(CSVError) -> [Double] {
        let values = try table.column(column, mustBePositive: isLog)
        return isLog ? values.map { .log($0) } : values
    }
}
