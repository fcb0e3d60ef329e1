import MarketData
import PairEngine
import PrometheusExposition

/// The label sets of one reading's series, rendered once.
struct ReadingLabels: Sendable {
    /// Of the families with one sample per reading.
    let own: LabelSet
    /// One per level of ``CriticalValueLevels``.
    let criticalValues: [LabelSet]
    /// One per configured hedge ratio.
    let methods: [LabelSet]
    /// One per signal.
    let signals: [LabelSet]
    /// Whether every family is exposed, not the core alone.
    let isFull: Bool

    /// Those of all readings, in the engine's order.
    static func all(_ configuration: Configuration) -> [ReadingLabels] {
        configuration.pairs.flatMap { pair in
            pair.settings.timeframes.flatMap { timeframe in
                pair.settings.windows.map { window in
                    let own: LabelSet = ["pair": pair.name, "timeframe": timeframe.label, "window": "\(window)"]
                    return ReadingLabels(
                        own: own,
                        criticalValues: CriticalValueLevels.all.map { own.appending("level", $0) },
                        methods: pair.settings.tests.hedgeRatios.map { own.appending("method", $0.label) },
                        signals: Signal.allCases.map { own.appending("signal", $0.rawValue) },
                        isFull: pair.settings.export == .full
                    )
                }
            }
        }
    }
}
