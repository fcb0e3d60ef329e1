import MarketData
import PairEngine
import PrometheusExposition

/// The labels of the series of all readings, in the engine's order, rendered once.
struct ReadingLabels: Sendable {
    /// Of the families with one sample per reading.
    let own: LabelTable
    /// For each reading one per level of ``CriticalValueLevels``.
    let criticalValues: LabelTable
    /// For each reading one per signal.
    let signals: LabelTable
    /// For each reading one per leg, y first.
    let legs: LabelTable
    /// For each reading one per configured hedge ratio.
    let methods: [[LabelSet]]
    /// Whether every family of a reading is exposed, not the core alone.
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
        criticalValues = LabelTable(
            readings.flatMap { reading in CriticalValueLevels.all.map { reading.own.appending("level", $0) } }
        )
        signals = LabelTable(
            readings.flatMap { reading in Signal.allCases.map { reading.own.appending("signal", $0.rawValue) } }
        )
        legs = LabelTable(readings.flatMap { reading in ["y", "x"].map { reading.own.appending("leg", $0) } })
        methods = readings.map { reading in
            reading.settings.tests.hedgeRatios.map { reading.own.appending("method", $0.label) }
        }
        isFull = readings.map { $0.settings.export == .full }
    }
}
