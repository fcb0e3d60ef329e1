import MarketData
import PairEngine
import PairsApp
import PairsMetrics
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
        var list: [ReadingSeries] = []
        for metric in PairMetrics.table where metric.isCore || pair.settings.export == .full {
            func add(_ labels: LabelSet, _ value: @escaping @Sendable (PairReading) -> Double?) {
                list.append(
                    ReadingSeries(
                        family: metric.family,
                        labels: LabelSet(own.pairs + labels.pairs + further),
                        outlivesStaleness: metric.outlivesStaleness,
                        value: value
                    )
                )
            }
            switch metric.value {
            case nil: continue
            case .one(let value): add(.empty, value)
            case .each(let labels, let value):
                for (position, labels) in labels.enumerated() { add(labels) { value($0, position) } }
            }
        }
        return list
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
        return { words in LabelSet(PairMetrics.interpretationLabels(words, own: own).pairs + further) }
    }
}
