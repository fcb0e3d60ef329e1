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
    private let timeframes: [Timeframe]
    private let board: SnapshotBoard
    private let writer: StoreWriter

    init(streams: StreamTable, timeframes: [Timeframe], board: SnapshotBoard, writer: StoreWriter) {
        let labels: [LabelSet] = streams.streams.map { stream in
            ["venue": stream.instrument.venue.rawValue, "symbol": stream.instrument.symbol]
        }
        self.labels = LabelTable(labels)
        barLabels = LabelTable(
            labels.flatMap { labels in
                timeframes.flatMap { timeframe in
                    let labels = labels.appending("timeframe", timeframe.label)
                    return BarState.allCases.map { labels.appending("state", $0.rawValue) }
                }
            }
        )
        discardLabels = LabelTable(
            labels.flatMap { labels in DiscardReason.allCases.map { labels.appending("reason", $0.rawValue) } }
        )
        self.timeframes = timeframes
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
            var values: [Double] = []
            values.reserveCapacity(counts.count * timeframes.count * BarState.allCases.count)
            for count in counts {
                for timeframe in timeframes {
                    let bars = count.bars[timeframe]
                    for state in BarState.allCases { values.append(Double(bars?[state] ?? 0)) }
                }
            }
            samples.write(barLabels, upTo: values.count) { values[$0] }
        }
        writer.family(InstrumentMetrics.discarded) { samples in
            let reasons = DiscardReason.allCases
            var values: [Double] = []
            values.reserveCapacity(counts.count * reasons.count)
            for count in counts {
                for reason in reasons { values.append(Double(count.discarded[reason] ?? 0)) }
            }
            samples.write(discardLabels, upTo: values.count) { values[$0] }
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
