import MarketData
import PairEngine
import PairsMetrics
import PrometheusExposition

/// Columns that an export of readings has on request.
package enum ReadingAddition: String, Sendable, CaseIterable {
    /// The closes of both legs.
    case prices
    /// Each signal: 1 while it holds, 0 while it does not.
    case signals
    /// Why each empty cell of the row is empty.
    case reasons
}

/// The columns of an export of readings.
struct ReadingColumns {
    /// One reading, and how the exporter showed it when its bar became visible.
    struct Row {
        let step: BarHistory.Step
        let reading: PairReading
        let pair: String
        /// A stale reading has values of the window itself and no others.
        let isStale: Bool
    }

    private struct Column: Sendable {
        let name: String
        var outlivesStaleness = false
        let cell: @Sendable (Row) -> RowWriter.Cell
        /// Why there is no value; called only where there is none.
        let reason: @Sendable (Row) -> UndefinedReason?
    }

    private static let keys = ["close_time_us", "pair", "timeframe", "window"]

    private let columns: [Column]
    private let hasReasons: Bool

    init(_ additions: Set<ReadingAddition>) {
        columns =
            (additions.contains(.prices) ? Self.prices : []) + Self.metrics
            + (additions.contains(.signals) ? Self.signals : [])
        hasReasons = additions.contains(.reasons)
    }

    var names: [String] {
        Self.keys + columns.map(\.name) + (hasReasons ? ["reasons"] : [])
    }

    func cells(_ row: Row) -> [RowWriter.Cell] {
        var cells: [RowWriter.Cell] = [
            .number("\(row.step.closeTime.microseconds)"), .text(row.pair), .text(row.reading.timeframe.label),
            .number("\(row.reading.window)"),
        ]
        var reasons: [(name: String, value: String)] = []
        for column in columns {
            let isShown = column.outlivesStaleness || !row.isStale
            let cell = isShown ? column.cell(row) : .none
            cells.append(cell)
            if hasReasons, case .none = cell {
                let reason = isShown ? column.reason(row) ?? .tooFew : .stale
                reasons.append((column.name, reason.rawValue))
            }
        }
        if hasReasons { cells.append(.pairs(reasons)) }
        return cells
    }

    private static let prices = [
        Column(
            name: "y_close",
            outlivesStaleness: true,
            cell: { .number($0.step.y?.prices?.close) },
            reason: { reason(of: $0.step.y) }
        ),
        Column(
            name: "x_close",
            outlivesStaleness: true,
            cell: { .number($0.step.x?.prices?.close) },
            reason: { reason(of: $0.step.x) }
        ),
    ]

    private static let metrics = PairMetrics.ofReadings.map { metric in
        Column(
            name: String(metric.family.name.dropFirst("pairs_".count)),
            outlivesStaleness: metric.outlivesStaleness,
            cell: { .number(metric.singleValue($0.reading)) },
            reason: { metric.reason($0.reading) }
        )
    }

    private static let signals = Signal.allCases.map { signal in
        Column(
            name: "signal_\(signal.rawValue)",
            cell: { row in row.reading.holds(signal).map { .number($0 ? "1" : "0") } ?? .none },
            reason: { reason(of: signal, $0.reading) }
        )
    }

    /// Why a leg has no close at a bar: its trades are lost, or there are none.
    private static func reason(of bar: Bar?) -> UndefinedReason {
        bar == nil ? .stale : .gap
    }

    /// Why it is unknown whether a signal holds: a statistic that it depends on has no value.
    private static func reason(of signal: Signal, _ reading: PairReading) -> UndefinedReason? {
        switch signal {
        case .zScoreExtreme: reading.fit.reason ?? reading.forecastZScore.reason
        case .correlationBreakdown: reading.fit.reason ?? reading.returnCorrelation.reason
        case .volatilitySpike: reading.fit.reason ?? reading.volatilityRatio.reason
        case .stationarityRisk: reading.tests.flatMap(\.cointegration).reason
        }
    }
}
