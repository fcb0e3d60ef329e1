public import MarketData
import PairEngine
import RealModule
import TradeStore

extension Analyzer {
    /// Regresses one instrument's stored bars on another's, aligned by time, up to the last bar that both have.
    /// - Parameter end: bars that close later are left out; nil takes all.
    /// - Throws: ``AnalysisError`` for one instrument twice and for instruments without a common bar, `StoreError`.
    public func pair(
        database path: String,
        y: Instrument,
        x: Instrument,
        timeframe: Timeframe,
        through end: Timestamp? = nil
    ) async throws -> AnalysisReport {
        guard y != x else { throw AnalysisError("--y and --x are both \(y); name two instruments") }
        let reader = try SQLiteReader(path: path)
        let end = end.map { timeframe.slot(of: $0) - 1 } ?? .max
        // Every stored bar counts for the past of signals; for one window the last ones do.
        let needed =
            settings.efficacy
            ? nil
            : settings.window.map {
                PairReplay.historyLength(window: min($0, Self.mostBars), thresholds: settings.thresholds) + Self.slack
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
        let (slots, firstSlot) = PairAnalysis.slots(y: ys, x: xs, price: settings.price ?? .log)
        guard let last = slots.indices.last else {
            throw AnalysisError(
                "\(y) has \(ys.count) bars of \(timeframe) and \(x) has \(xs.count), and none of them at the same time",
                file: path
            )
        }
        if let window = settings.window, Double(slots.count) < settings.minimumFill * Double(window) {
            throw AnalysisError(
                "--window \(window) is longer than the \(slots.count) bars of \(timeframe) from the first to the last "
                    + "of both legs",
                file: path
            )
        }
        let missing = slots.count { $0 == nil }
        var source = AnalysisSource(
            origin: .database(path, timeframe),
            series: [("y", y.description), ("x", x.description)],
            rowsRead: slots.count
        )
        source.usableRows = slots.count
        source.order = RowOrder(
            bars: timeframe,
            first: timeframe.openTime(of: firstSlot),
            last: timeframe.openTime(of: firstSlot + Int64(last)),
            missing: missing
        )
        return AnalysisReport(
            PairAnalysis(slots, settings: settings, timeframe: timeframe, firstSlot: firstSlot),
            source: source
        )
    }

    /// Bars by which one leg's last bar may lie behind the other's and still be found.
    private static let slack = 1000

    /// No database is asked for more bars of a leg.
    private static let mostBars = Int(Int32.max)
}
