import MarketData
import PairEngine
package import PairsMetrics

extension PairCollector {
    /// Writes the pairs of a configuration.
    /// - Parameters:
    ///   - definitions: the pairs of the engine, in the order of the configuration.
    ///   - staleness: which readings are stale.
    ///   - latestSnapshot: the state to write.
    init(
        configuration: Configuration,
        definitions: [PairDefinition],
        staleness: StalenessRule,
        latestSnapshot: LatestSnapshot
    ) {
        self.init(configuration.pairs.map(\.metricDescription)) {
            let snapshot = latestSnapshot.value
            func leg(_ id: InstrumentID) -> PairsSnapshot.Leg {
                let status = snapshot.instruments[id]
                return PairsSnapshot.Leg(lastPrice: status?.counts.lastPrice, isUp: status?.isUp ?? false)
            }
            return PairsSnapshot(
                readings: snapshot.readings,
                isStale: staleness.isStale(in: snapshot),
                efficacies: snapshot.efficacies,
                tickCorrelations: snapshot.tickCorrelations,
                legs: definitions.map { (y: leg($0.y), x: leg($0.x)) }
            )
        }
    }
}

extension PairConfiguration {
    /// What the metrics of the pair need of it.
    package var metricDescription: PairDescription {
        PairDescription(
            name: name,
            y: y,
            x: x,
            price: settings.price,
            timeframes: settings.timeframes,
            windows: settings.windows,
            hedgeRatios: settings.tests.hedgeRatios,
            signals: settings.signals,
            thresholds: settings.namedThresholds,
            isFull: settings.export == .full
        )
    }
}
