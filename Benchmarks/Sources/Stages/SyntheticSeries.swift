import PrometheusExposition

/// One family with the labels and the kind of values that the peers' programs render.
struct SyntheticSeries: MetricCollector {
    let family = MetricFamily(
        "pairs_hedge_ratio",
        .gauge,
        help: "Rolling hedge ratio",
        labelNames: ["pair", "timeframe", "window", "method"]
    )
    private let labels: LabelTable
    private let values: [Double]

    init(count: Int) {
        let sets = (0..<count).map { index -> LabelSet in
            let number = "\(index / 48)"
            return [
                "pair": "PAIR\(String(repeating: "0", count: max(0, 4 - number.count)))\(number)USDT-ETHUSDT",
                "timeframe": ["1s", "1m", "5m", "1h"][index % 4],
                "window": ["60", "300", "1000"][index / 4 % 3],
                "method": ["ols", "rolling_ols", "kalman", "tls"][index / 12 % 4],
            ]
        }
        labels = LabelTable(sets)
        var random = RandomNumbers(seed: 10_000)
        values = (0..<count).map { _ in random.normal() }
    }

    func collect(into writer: inout MetricsWriter) {
        writer.family(family) { samples in
            samples.write(labels) { position in values[position] }
        }
    }
}
