import MarketData
import PairEngine
import PrometheusExposition

/// The labels of the series of all readings, in the engine's order, rendered once.
struct ReadingLabels: Sendable {
    /// The labels of families with one sample per reading.
    let own: LabelTable
    /// For each reading one label set per level of ``CriticalValueLevels``.
    let criticalValues: LabelTable
    /// For each reading one label set per signal.
    let signals: LabelTable
    /// For each reading one label set per leg, y first.
    let legs: LabelTable
    /// For each reading one label set per statistic and reason; see
    /// ``UndefinedStatistics/position(of:because:reading:)``.
    let undefined: LabelTable
    /// For each reading one label set per configured hedge ratio.
    let methods: [[LabelSet]]
    /// Whether every family of a reading is exposed, not only the core.
    let isFull: [Bool]

    init(_ configuration: Configuration) {
        let readings = configuration.pairs.flatMap { pair in
            pair.settings.timeframes.flatMap { timeframe in
                pair.settings.windows.map { window in
                    let own: LabelSet = ["pair": pair.name, "timeframe": timeframe.label, "window": "\(window)"]
                    return (own: own, settings: pair.settings)
                }
            }
        }
        own = LabelTable(readings.map(\.own))
        criticalValues = LabelTable(own, followedBy: CriticalValueLevels.all.map { ["level": $0] })
        signals = LabelTable(own, followedBy: Signal.allCases.map { ["signal": $0.rawValue] })
        legs = LabelTable(own, followedBy: ["y", "x"].map { ["leg": $0] })
        undefined = LabelTable(
            own,
            followedBy: UndefinedStatistics.names.flatMap { statistic in
                UndefinedReason.allCases.map { ["statistic": statistic, "reason": $0.rawValue] }
            }
        )
        methods = readings.map { reading in
            reading.settings.tests.hedgeRatios.map { reading.own.appending("method", $0.label) }
        }
        isFull = readings.map { $0.settings.export == .full }
    }
}
