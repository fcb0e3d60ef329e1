import PairEngine
package import PrometheusExposition

/// Rows about signals and their meaning.
extension PairMetrics {
    private static let signalLabels = Signal.allCases.map { ["signal": $0.rawValue] as LabelSet }

    static let signals = [signal, alert, entries, pastExtremes, pastExtremesReverted, interpretation, threshold]

    private static let signal = PairMetric(
        MetricFamily(
            "pairs_signal",
            .gauge,
            help: "1 while the signal holds, with hysteresis; absent while what it is made from has no value.",
            labelNames: PairMetric.labelNames + ["signal"]
        ),
        isCore: true,
        each: signalLabels
    ) { reading, position in
        reading.holds(Signal.allCases[position]).map { $0 ? 1 : 0 }
    }

    private static let alert = PairMetric(
        MetricFamily(
            "pairs_alert",
            .gauge,
            help:
                "1 while this signal of this reading deserves an alert by the configuration; absent while the signal is.",
            labelNames: PairMetric.labelNames + ["signal"]
        ),
        isCore: true,
        each: signalLabels
    ) { reading, position in
        reading.alerts(Signal.allCases[position]).map { $0 ? 1 : 0 }
    }

    private static let entries = PairMetric(
        MetricFamily(
            "pairs_signal_entries_total",
            .counter,
            help: "How often the signal has begun: an excursion between two scrapes is not lost.",
            labelNames: PairMetric.labelNames + ["signal"]
        ),
        isCore: true,
        outlivesStaleness: true,
        each: signalLabels
    ) { reading, position in
        Double(reading.signals.entries[position])
    }

    private static let pastExtremes = pastExtremes(
        "pairs_past_extremes",
        "Past z-score extremes in stored bars that were followed up to their half-life.",
        \.count
    )

    private static let pastExtremesReverted = pastExtremes(
        "pairs_past_extremes_reverted",
        "Those of them that came back half of the way within their half-life.",
        \.reverted
    )

    private static func pastExtremes(
        _ name: String,
        _ help: String,
        _ count: @escaping @Sendable (SignalEfficacy) -> Int
    ) -> PairMetric {
        PairMetric(MetricFamily(name, .gauge, help: help, labelNames: PairMetric.labelNames)) { scrape, samples in
            let efficacies = scrape.snapshot.efficacies
            samples.write(scrape.labels.own, upTo: efficacies.count) { index in
                scrape.labels.isFull[index] ? Double(count(efficacies[index])) : nil
            }
        }
    }

    /// The sentences about a reading, as labels.
    package static let interpretation = PairMetric(
        MetricFamily(
            "pairs_interpretation_info",
            .info,
            help: "The reading in words, from a fixed set of sentences that describe and never advise.",
            labelNames: PairMetric.labelNames + ["state", "confidence", "meaning", "watch"]
        )
    ) { scrape, samples in
        for index in scrape.readings.indices where scrape.labels.isFull[index] {
            samples.write(1, labels: scrape.interpretation(index))
        }
    }

    /// The labels of ``interpretation``.
    /// - Parameter own: those of the reading.
    package static func interpretationLabels(_ words: Interpretation, own: LabelSet) -> LabelSet {
        LabelSet(
            own.pairs + [
                (name: "state", value: words.state.name), (name: "confidence", value: words.confidence),
                (name: "meaning", value: words.meaning), (name: "watch", value: words.watch),
            ]
        )
    }

    /// The configured levels.
    package static let threshold = PairMetric(
        MetricFamily(
            "pairs_threshold",
            .gauge,
            help: "Configured level at which a signal or an alert begins or ends.",
            labelNames: ["pair", "threshold"]
        ),
        isCore: true,
        count: \.thresholds.count
    ) { scrape, samples in
        samples.write(scrape.labels.thresholds) { scrape.labels.thresholdValues[$0] }
    }
}
