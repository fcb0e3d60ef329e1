import MarketData
import PrometheusExposition
import TradeStore

/// Writes what has happened to single instruments.
struct InstrumentCollector: MetricCollector {
    private let labels: LabelTable
    /// For each instrument one per timeframe and state.
    private let barLabels: LabelTable
    /// For each instrument one per reason.
    private let discardLabels: LabelTable
    private let bars: [(timeframe: Timeframe, state: BarState)]
    private let board: SnapshotBoard
    private let writer: StoreWriter

    init(streams: StreamTable, timeframes: [Timeframe], board: SnapshotBoard, writer: StoreWriter) {
        let labels: [LabelSet] = streams.streams.map { stream in
            ["venue": stream.instrument.venue.rawValue, "symbol": stream.instrument.symbol]
        }
        let bars = timeframes.flatMap { timeframe in BarState.allCases.map { (timeframe: timeframe, state: $0) } }
        self.labels = LabelTable(labels)
        barLabels = LabelTable(
            labels.flatMap { labels in
                bars.map { labels.appending("timeframe", $0.timeframe.label).appending("state", $0.state.rawValue) }
            }
        )
        discardLabels = LabelTable(
            labels.flatMap { labels in DiscardReason.allCases.map { labels.appending("reason", $0.rawValue) } }
        )
        self.bars = bars
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
            samples.write(barLabels, upTo: counts.count * bars.count) { position in
                let (index, bar) = position.quotientAndRemainder(dividingBy: bars.count)
                return Double(counts[index].bars[bars[bar].timeframe]?[bars[bar].state] ?? 0)
            }
        }
        writer.family(InstrumentMetrics.discarded) { samples in
            let reasons = DiscardReason.allCases
            samples.write(discardLabels, upTo: counts.count * reasons.count) { position in
                let (index, reason) = position.quotientAndRemainder(dividingBy: reasons.count)
                return Double(counts[index].discarded[reasons[reason]] ?? 0)
            }
        }
        write(InstrumentMetrics.gaps, counts, into: &writer) { Double($0.gaps) }
        write(InstrumentMetrics.missing, counts, into: &writer) { Double($0.missing) }
        write(InstrumentMetrics.repaired, counts, into: &writer) { Double($0.repaired) }
        write(InstrumentMetrics.duplicates, counts, into: &writer) { Double($0.duplicates) }
        write(InstrumentMetrics.late, counts, into: &writer) { Double($0.late) }
        let dropped = self.writer.metrics.droppedIDs
        writer.family(InstrumentMetrics.unrepaired) { samples in
            samples.write(labels, upTo: counts.count) { index in
                Double(counts[index].unrepaired) + Double(dropped[InstrumentID(index)] ?? 0)
            }
        }
        writer.family(InstrumentMetrics.streamUp) { samples in
            samples.write(labels, upTo: snapshot.isStreamUp.count) { snapshot.isStreamUp[$0] ? 1 : 0 }
        }
    }

    private func write(
        _ family: MetricFamily,
        _ counts: [InstrumentCounts],
        into writer: inout MetricsWriter,
        _ value: (InstrumentCounts) -> Double?
    ) {
        writer.family(family) { samples in
            samples.write(labels, upTo: counts.count) { value(counts[$0]) }
        }
    }
}
