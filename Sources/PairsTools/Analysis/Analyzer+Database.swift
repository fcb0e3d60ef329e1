package import MarketData
import PairEngine
import PairsApp
import TradeStore

extension Analyzer {
    /// Regresses one instrument's stored bars on another's, aligned by time, up to the last bar that both have.
    /// - Parameter end: bars that close later are left out; nil includes all.
    /// - Throws: ``AnalysisError`` for one instrument twice and for instruments without a common bar, `StoreError`.
    package func pair(
        database path: String,
        y: Instrument,
        x: Instrument,
        timeframe: Timeframe,
        through end: Timestamp? = nil
    ) async throws -> AnalysisReport {
        guard y != x else { throw AnalysisError("--y and --x are both \(y); name two instruments") }
        let reader = try StoreLocation(path: path).openForReading()
        let end = end.map { timeframe.slot(of: $0) - 1 } ?? .max
        // Past signals need every stored bar; one window needs only the last ones.
        let needed =
            settings.efficacy
            ? nil
            : settings.window.map {
                PairEngine.historyLength(window: min($0, Self.mostBars), thresholds: settings.thresholds) + Self.slack
            }
        let count = min(needed ?? Self.mostBars, Self.mostBars)
        let (ys, xs): ([Bar], [Bar])
        do {
            ys = try await reader.bars(of: y, timeframe: timeframe, last: count, through: end)
            xs = try await reader.bars(of: x, timeframe: timeframe, last: count, through: end)
        } catch StoreError.noBars(_, let instrument, _, let stored) where stored.contains(timeframe) {
            throw AnalysisError("no bar of \(instrument) of \(timeframe) closes by --to; name a later time", file: path)
        } catch StoreError.unknownInstrument(let path, let instrument, let known) {
            throw StoreError.unknownInstrument(
                path: path,
                instrument: instrument,
                known: instrument.description.nearestFirst(known)
            )
        }
        let all = PairBars(y: ys, x: xs)
        let pair = settings.window == nil ? all.filled(minimumFill: settings.minimumFill) : all
        guard let slots = pair.slots else {
            throw AnalysisError(
                "\(y) has \(ys.count) bars of \(timeframe) and \(x) has \(xs.count), and none of them at the same time",
                file: path
            )
        }
        if let window = settings.window {
            try check(window, span: pair.span, values: pair.values, timeframe, path)
        }
        var source = AnalysisSource(
            origin: .database(path, timeframe),
            series: [("y", y.description), ("x", x.description)],
            rowsRead: pair.span + all.count - pair.count
        )
        source.usableRows = pair.span
        source.leftOut[.beforeGap] = all.count - pair.count
        source.order = RowOrder(
            bars: timeframe,
            first: timeframe.openTime(of: slots.lowerBound),
            last: timeframe.openTime(of: slots.upperBound),
            missing: pair.span - pair.values
        )
        return AnalysisReport(
            PairAnalysis(pair.bars, slots: slots, settings: settings, timeframe: timeframe),
            source: source
        )
    }

    /// Refuses a window that the bars cannot fill, if it has no bars or would use memory without a result.
    private func check(
        _ window: Int,
        span: Int,
        values: Int,
        _ timeframe: Timeframe,
        _ path: String
    ) throws(AnalysisError) {
        let needed = settings.minimumFill * Double(window)
        guard Double(span) >= needed else {
            throw AnalysisError(
                "--window \(window) is longer than the \(span) bars of \(timeframe) from the first to the last "
                    + "of both legs",
                file: path
            )
        }
        guard window <= Self.longestUnfilledWindow || Double(values) >= needed else {
            throw AnalysisError(
                "--window \(window) has no more than \(values) bars of \(timeframe) with a value and needs "
                    + "\(settings.minimumFill) of its length",
                file: path
            )
        }
    }

    /// The longest window that is analysed although it has too few values: the report then states why there is no
    /// result.
    private static let longestUnfilledWindow = 1_000_000

    /// The most bars between the last bars of the two legs.
    private static let slack = 1000

    /// The most bars of a leg that are read from a database.
    private static let mostBars = Int(Int32.max)
}
