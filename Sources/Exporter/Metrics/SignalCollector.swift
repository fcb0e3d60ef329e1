import MarketData
import PairEngine
import PrometheusExposition

/// Writes the signals of every reading and what they mean.
struct SignalCollector: Sendable {
    private let rows: [ReadingLabels]
    /// One per reading.
    private let interpretations: LatestLabels<Interpretation>
    private let thresholds: [(labels: LabelSet, value: Double)]

    init(rows: [ReadingLabels], configuration: Configuration) {
        self.rows = rows
        interpretations = LatestLabels(count: rows.count)
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
                samples.write(efficacy.revertedRatio, labels: row.own)
            }
        }
        writer.family(SignalMetrics.interpretation) { samples in
            for (index, reading) in readings.enumerated() where rows[index].isFull {
                let words = Interpretation(reading, isStale: isStale[index])
                let labels = interpretations.labels(at: index, saying: words) {
                    let labels = [
                        ("state", words.state.name), ("confidence", words.confidence), ("meaning", words.meaning),
                        ("watch", words.watch),
                    ]
                    return LabelSet(rows[index].own.pairs + labels)
                }
                samples.write(1, labels: labels)
            }
        }
        writer.family(SignalMetrics.threshold) { samples in
            for (labels, value) in thresholds { samples.write(value, labels: labels) }
        }
    }
}
