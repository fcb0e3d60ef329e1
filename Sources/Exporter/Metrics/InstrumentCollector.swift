import MarketData
import PrometheusExposition
import TradeStore

/// Writes what has happened to single instruments.
struct InstrumentCollector: MetricCollector {
    private struct Row: Sendable {
        let labels: LabelSet
        let bars: [(timeframe: Timeframe, state: BarState, labels: LabelSet)]
        let discarded: [(reason: DiscardReason, labels: LabelSet)]
    }

    private let rows: [Row]
    private let board: SnapshotBoard
    private let writer: StoreWriter

    init(streams: StreamTable, timeframes: [Timeframe], board: SnapshotBoard, writer: StoreWriter) {
        rows = streams.streams.map { stream in
            let instrument = stream.instrument
            let labels: LabelSet = ["venue": instrument.venue.rawValue, "symbol": instrument.symbol]
            return Row(
                labels: labels,
                bars: timeframes.flatMap { timeframe in
                    BarState.allCases.map { state in
                        let barLabels = labels.appending("timeframe", timeframe.label)
                        return (timeframe, state, barLabels.appending("state", state.rawValue))
                    }
                },
                discarded: DiscardReason.allCases.map { ($0, labels.appending("reason", $0.rawValue)) }
            )
        }
        self.board = board
        self.writer = writer
    }

    func collect(into writer: inout MetricsWriter) {
        let snapshot = board.latest
        let counts = snapshot.counts
        write(InstrumentMetrics.trades, counts, into: &writer) { Double($0.trades) }
        write(InstrumentMetrics.volume, counts, into: &writer) { $0.volume }
        write(InstrumentMetrics.lastPrice, counts, into: &writer) { $0.lastPrice }
        write(InstrumentMetrics.lastTrade, counts, into: &writer) { $0.lastTradeTime?.seconds }
        writer.family(InstrumentMetrics.bars) { samples in
            for (row, count) in zip(rows, counts) {
                for bar in row.bars {
                    samples.write(Double(count.bars[bar.timeframe]?[bar.state] ?? 0), labels: bar.labels)
                }
            }
        }
        writer.family(InstrumentMetrics.discarded) { samples in
            for (row, count) in zip(rows, counts) {
                for (reason, labels) in row.discarded {
                    samples.write(Double(count.discarded[reason] ?? 0), labels: labels)
                }
            }
        }
        write(InstrumentMetrics.gaps, counts, into: &writer) { Double($0.gaps) }
        write(InstrumentMetrics.missing, counts, into: &writer) { Double($0.missing) }
        write(InstrumentMetrics.repaired, counts, into: &writer) { Double($0.repaired) }
        write(InstrumentMetrics.duplicates, counts, into: &writer) { Double($0.duplicates) }
        write(InstrumentMetrics.late, counts, into: &writer) { Double($0.late) }
        let dropped = self.writer.metrics.droppedIDs
        writer.family(InstrumentMetrics.unrepaired) { samples in
            for (index, (row, count)) in zip(rows, counts).enumerated() {
                let lost = dropped[InstrumentID(index)] ?? 0
                samples.write(Double(count.unrepaired) + Double(lost), labels: row.labels)
            }
        }
        writer.family(InstrumentMetrics.streamUp) { samples in
            for (row, isUp) in zip(rows, snapshot.isStreamUp) { samples.write(isUp ? 1 : 0, labels: row.labels) }
        }
    }

    private func write(
        _ family: MetricFamily,
        _ counts: [InstrumentCounts],
        into writer: inout MetricsWriter,
        _ value: (InstrumentCounts) -> Double?
    ) {
        writer.family(family) { samples in
            for (row, count) in zip(rows, counts) { samples.write(value(count), labels: row.labels) }
        }
    }
}
