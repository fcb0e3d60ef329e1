import MarketData
import PairEngine
import PrometheusExposition

/// Writes the signals of every reading and what they mean.
struct SignalCollector: Sendable {
    private let labels: ReadingLabels
    /// One per reading.
    private let interpretations: LatestLabels<Interpretation>
    private let thresholdLabels: LabelTable
    private let thresholds: [Double]

    init(labels: ReadingLabels, configuration: Configuration) {
        self.labels = labels
        interpretations = LatestLabels(count: labels.isFull.count)
        thresholdLabels = LabelTable(
            configuration.pairs.flatMap { pair in
                SignalThresholds.named.map { ["pair": pair.name, "threshold": $0.name] }
            }
        )
        thresholds = configuration.pairs.flatMap { pair in
            SignalThresholds.named.map { $0.value(pair.settings.signals) }
        }
    }

    func collect(_ snapshot: MarketSnapshot, isStale: [Bool], into writer: inout MetricsWriter) {
        let readings = snapshot.readings
        let signals = Signal.allCases
        writer.family(SignalMetrics.signal) { samples in
            var values: [Double?] = []
            values.reserveCapacity(readings.count * signals.count)
            for (reading, isStale) in zip(readings, isStale) {
                for signal in signals { values.append(isStale ? nil : reading.holds(signal).map { $0 ? 1 : 0 }) }
            }
            samples.write(labels.signals, upTo: values.count) { values[$0] }
        }
        writer.family(SignalMetrics.entries) { samples in
            samples.write(labels.signals, upTo: readings.count * signals.count) { position in
                let (index, signal) = position.quotientAndRemainder(dividingBy: signals.count)
                return Double(readings[index].signals.entries[signal])
            }
        }
        writer.family(SignalMetrics.revertedRatio) { samples in
            samples.write(labels.own, upTo: snapshot.efficacies.count) { index in
                labels.isFull[index] ? snapshot.efficacies[index].revertedRatio : nil
            }
        }
        writer.family(SignalMetrics.interpretation) { samples in
            for index in readings.indices where labels.isFull[index] {
                let words = Interpretation(readings[index], isStale: isStale[index])
                let own = interpretations.labels(at: index, saying: words) {
                    return LabelSet(
                        labels.own.sets[index].pairs + [
                            ("state", words.state.name), ("confidence", words.confidence), ("meaning", words.meaning),
                            ("watch", words.watch),
                        ]
                    )
                }
                samples.write(1, labels: own)
            }
        }
        writer.family(SignalMetrics.threshold) { samples in
            samples.write(thresholdLabels) { thresholds[$0] }
        }
    }
}
