import MarketData
import PairEngine
import PrometheusExposition

/// Writes the signals of every reading and their meaning.
struct SignalCollector: Sendable {
    private let labels: ReadingLabels
    /// One label set per reading.
    private let interpretations: LatestLabels<Interpretation>
    /// Of each pair.
    private let signalThresholds: [SignalThresholds]
    private let thresholdLabels: LabelTable
    private let thresholds: [Double]

    init(labels: ReadingLabels, configuration: Configuration) {
        self.labels = labels
        interpretations = LatestLabels(count: labels.isFull.count)
        signalThresholds = configuration.pairs.map(\.settings.signals)
        let names = configuration.pairs.first?.settings.namedThresholds.map(\.name) ?? []
        thresholdLabels = LabelTable(
            LabelTable(configuration.pairs.map { ["pair": $0.name] }),
            followedBy: names.map { ["threshold": $0] }
        )
        thresholds = configuration.pairs.flatMap { $0.settings.namedThresholds.map(\.value) }
    }

    func collect(_ snapshot: MarketSnapshot, isStale: [Bool], into writer: inout MetricsWriter) {
        let readings = snapshot.readings
        let signals = Signal.allCases
        for (family, state) in [
            (SignalMetrics.signal, { $0.holds($1) }), (SignalMetrics.alert, { $0.alerts($1) }),
        ] as [(MetricFamily, (PairReading, Signal) -> Bool?)] {
            writer.family(family) { samples in
                var values: [Double?] = []
                values.reserveCapacity(readings.count * signals.count)
                for (reading, isStale) in zip(readings, isStale) {
                    for signal in signals { values.append(isStale ? nil : state(reading, signal).map { $0 ? 1 : 0 }) }
                }
                samples.write(labels.signals, upTo: values.count) { values[$0] }
            }
        }
        writer.family(SignalMetrics.entries) { samples in
            samples.write(labels.signals, upTo: readings.count * signals.count) { position in
                let (index, signal) = position.quotientAndRemainder(dividingBy: signals.count)
                return Double(readings[index].signals.entries[signal])
            }
        }
        write(SignalMetrics.pastExtremes, \.count, of: snapshot.efficacies, into: &writer)
        write(SignalMetrics.pastExtremesReverted, \.reverted, of: snapshot.efficacies, into: &writer)
        writer.family(SignalMetrics.interpretation) { samples in
            for index in readings.indices where labels.isFull[index] {
                let words = Interpretation(
                    readings[index],
                    thresholds: signalThresholds[readings[index].pair],
                    isStale: isStale[index]
                )
                let own = interpretations.labels(at: index, content: words) {
                    return LabelSet(
                        labels.own[index].pairs + [
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

    private func write(
        _ family: MetricFamily,
        _ count: KeyPath<SignalEfficacy, Int>,
        of efficacies: [SignalEfficacy],
        into writer: inout MetricsWriter
    ) {
        writer.family(family) { samples in
            samples.write(labels.own, upTo: efficacies.count) { index in
                labels.isFull[index] ? Double(efficacies[index][keyPath: count]) : nil
            }
        }
    }
}
