import MarketData
import PairEngine
import PairStatistics
import PrometheusExposition

/// A series of the readings of one window, and how its sample follows from a reading.
struct ReadingSeries: Sendable {
    let family: MetricFamily
    let labels: LabelSet
    /// Whether it describes the window itself, which stays true when the reading is stale.
    let outlivesStaleness: Bool
    let value: @Sendable (PairReading) -> Double?

    /// All series of a window in the order of exposition, with further labels after their own.
    static func list(
        _ pair: PairConfiguration,
        _ timeframe: Timeframe,
        window: Int,
        labels further: [(name: String, value: String)]
    ) -> [ReadingSeries] {
        let own: LabelSet = ["pair": pair.name, "timeframe": timeframe.label, "window": "\(window)"]
        func labels(_ extra: (name: String, value: String)...) -> LabelSet {
            LabelSet(own.pairs + extra + further)
        }
        var series = PairMetrics.readings.filter { $0.isCore || pair.settings.export == .full }.map { metric in
            ReadingSeries(
                family: metric.family,
                labels: labels(),
                outlivesStaleness: metric.outlivesStaleness,
                value: metric.value
            )
        }
        if pair.settings.export == .full {
            for (index, method) in pair.settings.tests.hedgeRatios.enumerated() {
                series.append(
                    ReadingSeries(PairMetrics.alternative, labels(("method", method.label))) { reading in
                        let ratios = reading.tests.value?.hedgeRatios ?? []
                        return ratios.indices.contains(index) ? ratios[index].value.value : nil
                    }
                )
            }
            for (leg, test) in [("y", \TestOutcome.unitRootY), ("x", \TestOutcome.unitRootX)] {
                series.append(
                    ReadingSeries(PairMetrics.legUnitRoot, labels(("leg", leg))) { reading in
                        reading.tests.value?[keyPath: test].value?.pValue
                    }
                )
            }
            for (index, level) in CriticalValueLevels.all.enumerated() {
                series.append(
                    ReadingSeries(PairMetrics.criticalValue, labels(("level", level))) { reading in
                        reading.tests.value?.adf.value.map { CriticalValueLevels.value(index, $0.criticalValues) }
                    }
                )
            }
        }
        for (index, signal) in Signal.allCases.enumerated() {
            series.append(
                ReadingSeries(SignalMetrics.signal, labels(("signal", signal.rawValue))) { reading in
                    reading.holds(signal).map { $0 ? 1 : 0 }
                }
            )
            series.append(
                ReadingSeries(SignalMetrics.alert, labels(("signal", signal.rawValue))) { reading in
                    reading.alerts(signal).map { $0 ? 1 : 0 }
                }
            )
            series.append(
                ReadingSeries(
                    family: SignalMetrics.entries,
                    labels: labels(("signal", signal.rawValue)),
                    outlivesStaleness: true
                ) { Double($0.signals.entries[index]) }
            )
        }
        for (index, statistic) in UndefinedStatistics.names.enumerated() {
            for reason in UndefinedReason.allCases where reason != .stale {
                series.append(
                    ReadingSeries(
                        PairMetrics.undefined,
                        labels(("statistic", statistic), ("reason", reason.rawValue))
                    ) { UndefinedStatistics.reason(index, $0) == reason ? 1 : nil }
                )
            }
        }
        return series
    }

    /// The labels of `pairs_interpretation_info`, which change with the reading; nil where it is not exported.
    static func wording(
        _ pair: PairConfiguration,
        _ timeframe: Timeframe,
        window: Int,
        labels further: [(name: String, value: String)]
    ) -> (@Sendable (Interpretation) -> LabelSet)? {
        guard pair.settings.export == .full else { return nil }
        let own: LabelSet = ["pair": pair.name, "timeframe": timeframe.label, "window": "\(window)"]
        return { words in
            let labels = [
                (name: "state", value: words.state.name), (name: "confidence", value: words.confidence),
                (name: "meaning", value: words.meaning), (name: "watch", value: words.watch),
            ]
            return LabelSet(own.pairs + labels + further)
        }
    }

    /// A series that ends when the reading is stale.
    init(
        _ family: MetricFamily,
        _ labels: LabelSet,
        value: @escaping @Sendable (PairReading) -> Double?
    ) {
        self.init(family: family, labels: labels, outlivesStaleness: false, value: value)
    }

    private init(
        family: MetricFamily,
        labels: LabelSet,
        outlivesStaleness: Bool,
        value: @escaping @Sendable (PairReading) -> Double?
    ) {
        self.family = family
        self.labels = labels
        self.outlivesStaleness = outlivesStaleness
        self.value = value
    }
}
