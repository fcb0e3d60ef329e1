import MarketData
import PairEngine

extension Configuration {
    /// What the engine needs to know about all pairs.
    var engineSettings: EngineSettings {
        EngineSettings(
            pairTimeout: bars.pairTimeout,
            carryLimit: bars.carryLimit,
            minimumFill: bars.minimumFill
        )
    }

    /// The pairs as the engine knows them; every leg must be in the table.
    func definitions(streams: StreamTable) -> [PairDefinition] {
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
                signals: pair.settings.signals
            )
        }
    }
}
