package import MarketData
package import PairEngine

extension Configuration {
    /// The engine's settings for all pairs.
    package var engineSettings: EngineSettings {
        EngineSettings(
            pairTimeout: bars.pairTimeout,
            carryLimit: bars.carryLimit,
            minimumFill: bars.minimumFill
        )
    }

    /// The time that the history of a timeframe spans with which windows are warmed, in microseconds; 0 where no pair
    /// has the timeframe. ``PairEngine/historyLength(window:thresholds:)`` returns the number of windows.
    package func historySpan(of timeframe: Timeframe) -> Int64 {
        let pairs = pairs.filter { $0.settings.timeframes.contains(timeframe) }
        return pairs.map { Self.historySpan(of: timeframe, $0.settings) }.max() ?? 0
    }

    /// The same for one pair.
    package static func historySpan(of timeframe: Timeframe, _ settings: PairSettings) -> Int64 {
        let lengths = settings.windows.map { PairEngine.historyLength(window: $0, thresholds: settings.signals) }
        return Int64(lengths.max() ?? 0) * timeframe.microseconds
    }

    /// How long bars of a timeframe are kept: never shorter than the history with which windows are warmed.
    package func barsRetention(of timeframe: Timeframe) -> Int64 {
        // The newest bar that has closed may have opened two bars ago.
        max(storage.retention(of: timeframe), historySpan(of: timeframe) + 2 * timeframe.microseconds)
    }

    /// The pairs in the form that the engine needs; every leg must be in the table.
    package func definitions(streams: StreamTable) -> [PairDefinition] {
        pairs.compactMap { pair in
            guard let y = streams.id(of: pair.y), let x = streams.id(of: pair.x) else { return nil }
            return PairDefinition(
                name: pair.name,
                y: y,
                x: x,
                timeframes: pair.settings.timeframes,
                windows: pair.settings.windows,
                price: pair.settings.price,
                tests: pair.settings.tests,
                signals: pair.settings.signals,
                alerts: pair.settings.alerts
            )
        }
    }
}
