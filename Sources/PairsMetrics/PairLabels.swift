import MarketData
import PairEngine
import PrometheusExposition

/// The labels of the series of all pairs, in the order of their descriptions, rendered once.
struct PairLabels: Sendable {
    /// Of families with one sample per pair.
    let pairs: LabelTable
    /// Of ``PairMetrics/info``.
    let infos: LabelTable
    /// For each pair one label set per leg, y first.
    let legs: LabelTable
    /// For each pair one label set per threshold.
    let thresholds: LabelTable
    /// The values of these.
    let thresholdValues: [Double]
    /// Of families with one sample per reading.
    let own: LabelTable
    /// For each row of ``PairMetrics/table`` with further labels, those of each reading.
    let further: [LabelTable?]
    /// For each reading one label set per statistic and reason; see
    /// ``UndefinedStatistics/position(of:because:reading:)``.
    let undefined: LabelTable
    /// For each reading, whether every family is exposed, not only the core.
    let isFull: [Bool]

    init(_ descriptions: [PairDescription]) {
        let pairs = LabelTable(descriptions.map { ["pair": $0.name] })
        self.pairs = pairs
        infos = LabelTable(descriptions.map(PairMetrics.infoLabels))
        legs = LabelTable(pairs, followedBy: [["leg": "y"], ["leg": "x"]])
        let names = descriptions.first?.thresholds.map(\.name) ?? []
        thresholds = LabelTable(pairs, followedBy: names.map { ["threshold": $0] })
        thresholdValues = descriptions.flatMap { $0.thresholds.map(\.value) }
        let readings = descriptions.flatMap { pair in
            pair.timeframes.flatMap { timeframe in
                pair.windows.map { window in
                    let own: LabelSet = ["pair": pair.name, "timeframe": timeframe.label, "window": "\(window)"]
                    return (own: own, isFull: pair.isFull)
                }
            }
        }
        let own = LabelTable(readings.map(\.own))
        self.own = own
        further = PairMetrics.table.map { metric in
            guard case .each(let labels, _) = metric.value else { return nil }
            return LabelTable(own, followedBy: labels)
        }
        undefined = LabelTable(own, followedBy: UndefinedStatistics.labels(with: UndefinedReason.allCases))
        isFull = readings.map(\.isFull)
    }
}
