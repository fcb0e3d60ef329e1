import PrometheusExposition

/// As many series as about 70 pairs at 3 timeframes and 2 windows have, labelled as those are.
struct SyntheticSeries: MetricCollector {
    let families: [MetricFamily]
    private let labels: [LabelSet]
    private let values: [Double]

    init() {
        families = (0..<25).map { index in
            MetricFamily(
                "pairs_synthetic_statistic_\(index)",
                .gauge,
                help: "A statistic of the pair over the window.",
                labelNames: ["pair", "timeframe", "window"]
            )
        }
        labels = (0..<400).map { index in
            [
                "pair": "ALT\(index / 6)USDT-BTCUSDT",
                "timeframe": ["1s", "1m", "5m"][index / 2 % 3],
                "window": index.isMultiple(of: 2) ? "60" : "240",
            ]
        }
        var random = RandomNumbers(seed: 10_000)
        values = (0..<10_000).map { _ in random.normal() }
    }

    func collect(into writer: inout MetricsWriter) {
        for (index, family) in families.enumerated() {
            writer.family(family) { samples in
                for (row, labels) in labels.enumerated() {
                    samples.write(values[index * 400 + row], labels: labels)
                }
            }
        }
    }
}
