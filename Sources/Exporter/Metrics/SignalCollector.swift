import MarketData
import PairEngine
import PrometheusExposition

/// Writes the signals of every reading and what they mean.
struct SignalCollector: Sendable {
    /// What the series of one reading need, rendered once.
    private struct Row: Sendable {
        let labels: LabelSet
        let signals: [LabelSet]
        let isFull: Bool
    }

    private let rows: [Row]
    private let thresholds: [(labels: LabelSet, value: Double)]

    init(configuration: Configuration) {
        rows = configuration.pairs.flatMap { pair in
            pair.settings.timeframes.flatMap { timeframe in
                pair.settings.windows.map { window in
                    let labels: LabelSet = ["pair": pair.name, "timeframe": timeframe.label, "window": "\(window)"]
                    return Row(
                        labels: labels,
                        signals: Signal.allCases.map { labels.appending("signal", $0.rawValue) },
                        isFull: pair.settings.export == .full
                    )
                }
            }
        }
        thresholds = configuration.pairs.flatMap { pair in
            SignalThresholds.named.map { name, value in
                (["pair": pair.name, "threshold": name], value(pair.settings.signals))
            }
        }
    }

    func collect(_ snapshot: MarketSnapshot, isStale: [Bool], into writer: inout MetricsWriter) {
        let readings = snapshot.readings
        writer.family(SignalMetrics.signal) { samples in
            for (index, reading) in readings.enumerated() where !isStale[index] {
                for (signal, labels) in zip(Signal.allCases, rows[index].signals) {
                    samples.write(reading.holds(signal).map { $0 ? 1 : 0 }, labels: labels)
                }
            }
        }
        writer.family(SignalMetrics.entries) { samples in
            for (index, reading) in readings.enumerated() {
                for (position, labels) in rows[index].signals.enumerated() {
                    samples.write(Double(reading.signals.entries[position]), labels: labels)
                }
            }
        }
        writer.family(SignalMetrics.revertedRatio) { samples in
            for (row, efficacy) in zip(rows, snapshot.efficacies) where row.isFull {
                samples.write(efficacy.revertedRatio, labels: row.labels)
            }
        }
        writer.family(SignalMetrics.interpretation) { samples in
            for (index, reading) in readings.enumerated() where rows[index].isFull {
                let words = Interpretation(reading, isStale: isStale[index])
                let labels = [
                    ("state", words.state.name), ("confidence", words.confidence), ("meaning", words.meaning),
                    ("watch", words.watch),
                ]
                samples.write(1, labels: LabelSet(rows[index].labels.pairs + labels))
            }
        }
        writer.family(SignalMetrics.threshold) { samples in
            for (labels, value) in thresholds { samples.write(value, labels: labels) }
        }
    }
}
