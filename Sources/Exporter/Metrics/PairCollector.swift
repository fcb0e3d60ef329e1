import MarketData
import PairEngine
import PairStatistics
import PrometheusExposition
import RealModule

/// Writes the metrics about pairs.
struct PairCollector: MetricCollector {
    private let definitions: [PairDefinition]
    /// Whether every family of a pair is exposed, not only the core.
    private let isFull: [Bool]
    private let pairs: LabelTable
    private let infos: LabelTable
    /// Of both legs of each pair.
    private let legs: LabelTable
    private let labels: ReadingLabels
    private let signals: SignalCollector
    private let staleness: StalenessRule
    private let latestSnapshot: LatestSnapshot

    init(
        configuration: Configuration,
        definitions: [PairDefinition],
        staleness: StalenessRule,
        latestSnapshot: LatestSnapshot
    ) {
        self.definitions = definitions
        isFull = configuration.pairs.map { $0.settings.export == .full }
        pairs = LabelTable(configuration.pairs.map { ["pair": $0.name] })
        infos = LabelTable(configuration.pairs.map(Self.info))
        legs = LabelTable(pairs, followedBy: ["y", "x"].map { ["leg": $0] })
        labels = ReadingLabels(configuration)
        signals = SignalCollector(labels: labels, configuration: configuration)
        self.staleness = staleness
        self.latestSnapshot = latestSnapshot
    }

    /// The labels of `pairs_pair_info`.
    static func info(of pair: PairConfiguration) -> LabelSet {
        [
            "pair": pair.name, "y": pair.y.symbol, "x": pair.x.symbol, "y_venue": pair.y.venue.rawValue,
            "x_venue": pair.x.venue.rawValue, "price": pair.settings.price.rawValue,
        ]
    }

    func collect(into writer: inout MetricsWriter) {
        let snapshot = latestSnapshot.value
        let isStale = staleness.isStale(in: snapshot)
        let readings = snapshot.readings
        writer.family(PairMetrics.info) { $0.write(infos) { _ in 1 } }
        collectReadings(readings, isStale: isStale, into: &writer)
        let isCurrent = zip(labels.isFull, isStale).map { $0 && !$1 }
        writer.family(PairMetrics.legUnitRoot) { samples in
            samples.write(labels.legs, upTo: readings.count * 2) { position in
                let (index, leg) = position.quotientAndRemainder(dividingBy: 2)
                guard isCurrent[index], let tests = readings[index].tests.value else { return nil }
                return (leg == 0 ? tests.unitRootY : tests.unitRootX).value?.pValue
            }
        }
        writer.family(PairMetrics.alternative) { samples in
            for index in isCurrent.indices where isCurrent[index] && !labels.methods[index].isEmpty {
                let ratios = readings[index].tests.value?.hedgeRatios ?? []
                for (labels, ratio) in zip(labels.methods[index], ratios) {
                    samples.write(ratio.value.value, labels: labels)
                }
            }
        }
        writer.family(PairMetrics.liveZScore) { samples in
            samples.write(labels.own, upTo: readings.count) { index in
                isCurrent[index] ? liveZScore(index, snapshot) : nil
            }
        }
        writer.family(PairMetrics.criticalValue) { samples in
            let levels = CriticalValueLevels.all.count
            let values = readings.map { $0.tests.value?.adf.value?.criticalValues }
            samples.write(labels.criticalValues, upTo: readings.count * levels) { position in
                let (index, level) = position.quotientAndRemainder(dividingBy: levels)
                return isCurrent[index] ? values[index].map { CriticalValueLevels.value(level, $0) } : nil
            }
        }
        writer.family(PairMetrics.tickCorrelation) { samples in
            samples.write(pairs, upTo: snapshot.tickCorrelations.count) { index in
                isFull[index] ? snapshot.tickCorrelations[index].value : nil
            }
        }
        writer.family(PairMetrics.undefined) { samples in
            var positions: [Int] = []
            for (index, reading) in readings.enumerated() {
                for statistic in UndefinedStatistics.names.indices {
                    let reason = UndefinedStatistics.reason(statistic, reading, isStale: isStale[index])
                    guard let reason else { continue }
                    positions.append(UndefinedStatistics.position(of: statistic, because: reason, reading: index))
                }
            }
            samples.writeOnes(labels.undefined, at: positions)
        }
        writer.family(PairMetrics.legUp) { samples in
            samples.write(legs) { position in
                let pair = definitions[position / 2]
                return snapshot.instruments[position % 2 == 0 ? pair.y : pair.x]?.isUp == true ? 1 : 0
            }
        }
        signals.collect(snapshot, isStale: isStale, into: &writer)
    }

    private func collectReadings(_ readings: PairReadings, isStale: [Bool], into writer: inout MetricsWriter) {
        let metrics = PairMetrics.readings
        // The outer loop is over readings, because a reading is large and would be loaded again for each family.
        var values: [Double?] = Array(repeating: nil, count: metrics.count * readings.count)
        for (index, reading) in readings.enumerated() {
            // The loop is over positions, because closures in an array of their own copy the reading at each call.
            for position in metrics.indices {
                values[position * readings.count + index] = metrics[position].value(reading)
            }
        }
        for (position, metric) in metrics.enumerated() {
            writer.family(metric.family) { samples in
                samples.write(labels.own, upTo: readings.count) { index in
                    guard metric.isCore || labels.isFull[index], metric.outlivesStaleness || !isStale[index] else {
                        return nil
                    }
                    return values[position * readings.count + index]
                }
            }
        }
    }

    private func liveZScore(_ index: Int, _ snapshot: MarketSnapshot) -> Double? {
        let pair = snapshot.readings[index].pair
        guard let fit = snapshot.readings[index].fit.value,
            let y = snapshot.instruments[definitions[pair].y]?.counts.lastPrice,
            let x = snapshot.instruments[definitions[pair].x]?.counts.lastPrice
        else { return nil }
        return switch definitions[pair].price {
        case .log: try? fit.forecastZScore(x: .log(x), y: .log(y))
        case .level: try? fit.forecastZScore(x: x, y: y)
        }
    }
}
