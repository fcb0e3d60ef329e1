import MarketData
import PairEngine
import PairStatistics
import PrometheusExposition
import RealModule

/// Writes what is known about pairs.
struct PairCollector: MetricCollector {
    /// What the series of one pair need, rendered once.
    private struct Pair: Sendable {
        let definition: PairDefinition
        let labels: LabelSet
        let info: LabelSet
        let legs: [(instrument: InstrumentID, labels: LabelSet)]
        let isFull: Bool
    }

    private let pairs: [Pair]
    private let rows: [ReadingLabels]
    /// One per reading and statistic.
    private let undefined: LatestLabels<UndefinedReason>
    private let signals: SignalCollector
    private let staleness: StalenessRule
    private let board: SnapshotBoard

    init(
        configuration: Configuration,
        definitions: [PairDefinition],
        staleness: StalenessRule,
        board: SnapshotBoard
    ) {
        pairs = zip(configuration.pairs, definitions).map { pair, definition in
            return Pair(
                definition: definition,
                labels: ["pair": pair.name],
                info: Self.info(of: pair),
                legs: [
                    (definition.y, ["pair": pair.name, "leg": "y"]), (definition.x, ["pair": pair.name, "leg": "x"]),
                ],
                isFull: pair.settings.export == .full
            )
        }
        rows = ReadingLabels.all(configuration)
        undefined = LatestLabels(count: rows.count * UndefinedStatistics.names.count)
        signals = SignalCollector(rows: rows, configuration: configuration)
        self.staleness = staleness
        self.board = board
    }

    /// The labels of `pairs_pair_info`.
    static func info(of pair: PairConfiguration) -> LabelSet {
        [
            "pair": pair.name, "y": pair.y.symbol, "x": pair.x.symbol, "y_venue": pair.y.venue.rawValue,
            "x_venue": pair.x.venue.rawValue, "price": pair.settings.price.rawValue,
        ]
    }

    func collect(into writer: inout MetricsWriter) {
        let snapshot = board.latest
        let isStale = staleness.isStale(in: snapshot)
        writer.family(PairMetrics.info) { samples in
            for pair in pairs { samples.write(1, labels: pair.info) }
        }
        let current = snapshot.readings.indices.filter { rows[$0].isFull && !isStale[$0] }
        collectReadings(snapshot.readings, isStale: isStale, into: &writer)
        writer.family(PairMetrics.alternative) { samples in
            for index in current {
                let ratios = snapshot.readings[index].tests.value?.hedgeRatios ?? []
                for (labels, ratio) in zip(rows[index].methods, ratios) {
                    samples.write(ratio.value.value, labels: labels)
                }
            }
        }
        writer.family(PairMetrics.liveZScore) { samples in
            for index in current {
                samples.write(liveZScore(snapshot.readings[index], snapshot), labels: rows[index].own)
            }
        }
        writer.family(PairMetrics.criticalValue) { samples in
            for index in current {
                guard let values = snapshot.readings[index].tests.value?.adf.value?.criticalValues else { continue }
                for (labels, level) in zip(rows[index].criticalValues, CriticalValueLevels.list(values)) {
                    samples.write(level.value, labels: labels)
                }
            }
        }
        writer.family(PairMetrics.tickCorrelation) { samples in
            for (pair, correlation) in zip(pairs, snapshot.tickCorrelations) where pair.isFull {
                samples.write(correlation.value, labels: pair.labels)
            }
        }
        writer.family(PairMetrics.undefined) { samples in
            for (index, reading) in snapshot.readings.enumerated() {
                for (position, statistic) in UndefinedStatistics.names.enumerated() {
                    let reason = UndefinedStatistics.reason(position, reading, isStale: isStale[index])
                    guard let reason else { continue }
                    let series = index * UndefinedStatistics.names.count + position
                    let labels = undefined.labels(at: series, saying: reason) {
                        rows[index].own.appending("statistic", statistic).appending("reason", reason.rawValue)
                    }
                    samples.write(1, labels: labels)
                }
            }
        }
        writer.family(PairMetrics.legUp) { samples in
            for pair in pairs {
                for (instrument, labels) in pair.legs {
                    let index = Int(instrument.index)
                    let isUp = snapshot.isStreamUp.indices.contains(index) && snapshot.isStreamUp[index]
                    samples.write(isUp ? 1 : 0, labels: labels)
                }
            }
        }
        signals.collect(snapshot, isStale: isStale, into: &writer)
    }

    private func collectReadings(_ readings: [PairReading], isStale: [Bool], into writer: inout MetricsWriter) {
        let metrics = PairMetrics.readings
        // Reading by reading: one is large, and would be fetched again for each family.
        let formulas = metrics.map(\.value)
        var values: [Double?] = []
        values.reserveCapacity(readings.count * formulas.count)
        for reading in readings {
            for formula in formulas { values.append(formula(reading)) }
        }
        for (position, metric) in metrics.enumerated() {
            writer.family(metric.family) { samples in
                for index in readings.indices where metric.isCore || rows[index].isFull {
                    if isStale[index], !metric.outlivesStaleness { continue }
                    samples.write(values[index * metrics.count + position], labels: rows[index].own)
                }
            }
        }
    }

    private func liveZScore(_ reading: PairReading, _ snapshot: MarketSnapshot) -> Double? {
        let definition = pairs[reading.pair].definition
        guard let fit = reading.fit.value,
            let y = snapshot.counts[Int(definition.y.index)].lastPrice,
            let x = snapshot.counts[Int(definition.x.index)].lastPrice
        else { return nil }
        return switch definition.price {
        case .log: try? fit.forecastZScore(x: .log(x), y: .log(y))
        case .level: try? fit.forecastZScore(x: x, y: y)
        }
    }
}
