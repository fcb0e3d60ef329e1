import MarketData
import PairEngine
import PairStatistics
package import PrometheusExposition
import RealModule

/// Rows about pairs and legs, and those with further labels.
extension PairMetrics {
    /// Describes the pair in labels.
    package static let info = PairMetric(
        MetricFamily(
            "pairs_pair_info",
            .info,
            help: "How to read the pair: y is regressed on x, in logarithms or levels of price.",
            labelNames: ["pair", "y", "x", "y_venue", "x_venue", "price"]
        ),
        isCore: true
    ) { scrape, samples in
        samples.write(scrape.labels.infos) { _ in 1 }
    }

    /// The labels of ``info``.
    package static func infoLabels(_ pair: PairDescription) -> LabelSet {
        [
            "pair": pair.name, "y": pair.y.symbol, "x": pair.x.symbol, "y_venue": pair.y.venue.rawValue,
            "x_venue": pair.x.venue.rawValue, "price": pair.price.rawValue,
        ]
    }

    static let liveZScore = PairMetric(
        MetricFamily(
            "pairs_live_zscore",
            .gauge,
            help: "The bar still forming against the last closed fit, at scrape time.",
            labelNames: PairMetric.labelNames
        )
    ) { scrape, samples in
        samples.write(scrape.labels.own, upTo: scrape.readings.count) { index in
            scrape.isCurrent[index] ? scrape.liveZScore(index) : nil
        }
    }

    static let criticalValue = PairMetric(
        MetricFamily(
            "pairs_adf_critical_value",
            .gauge,
            help: "Critical value of the ADF statistic at this level (MacKinnon 2010).",
            labelNames: PairMetric.labelNames + ["level"]
        ),
        each: CriticalValueLevels.all.map { ["level": $0] }
    ) { reading, level in
        reading.tests.value?.adf.value.map { CriticalValueLevels.value(level, $0.criticalValues) }
    }

    static let legUnitRoot = PairMetric(
        MetricFamily(
            "pairs_leg_unit_root_pvalue",
            .gauge,
            help:
                "ADF p-value of the leg itself: where it is small, the leg reverts alone and proves no pair; periodic.",
            labelNames: PairMetric.labelNames + ["leg"]
        ),
        each: [["leg": "y"], ["leg": "x"]]
    ) { reading, leg in
        guard let tests = reading.tests.value else { return nil }
        return (leg == 0 ? tests.unitRootY : tests.unitRootX).value?.pValue
    }

    static let alternative = PairMetric(
        MetricFamily(
            "pairs_hedge_ratio_alternative",
            .gauge,
            help: "Hedge ratio by another estimator, where configured; periodic.",
            labelNames: PairMetric.labelNames + ["method"]
        ),
        each: HedgeRatioMethod.allCases.map { ["method": $0.label] },
        count: \.hedgeRatios.count
    ) { reading, position in
        reading.tests.value?.hedgeRatios.first { $0.method == HedgeRatioMethod.allCases[position] }?.value.value
    }

    static let tickCorrelation = PairMetric(
        MetricFamily(
            "pairs_hayashi_yoshida_correlation",
            .gauge,
            help:
                "Correlation of the legs' trades without bars (Hayashi-Yoshida 2005); every ninetieth of the horizon.",
            labelNames: ["pair"]
        )
    ) { scrape, samples in
        samples.write(scrape.labels.pairs, upTo: scrape.snapshot.tickCorrelations.count) { index in
            scrape.pairs[index].isFull ? scrape.snapshot.tickCorrelations[index].value : nil
        }
    }

    /// Why statistics have no value.
    package static let undefined = PairMetric(
        MetricFamily(
            "pairs_undefined",
            .gauge,
            help: "1 for each statistic that has no value now, by reason; absent for those that have one.",
            labelNames: PairMetric.labelNames + ["statistic", "reason"]
        ),
        isCore: true,
        value: .each(UndefinedStatistics.labels(with: UndefinedStatistics.pastReasons)) { reading, position in
            let reasons = UndefinedStatistics.pastReasons
            let (statistic, reason) = position.quotientAndRemainder(dividingBy: reasons.count)
            return UndefinedStatistics.reason(statistic, reading) == reasons[reason] ? 1 : nil
        },
        count: { _ in UndefinedStatistics.names.count }
    ) { scrape, samples in
        var positions: [Int] = []
        for (index, reading) in scrape.readings.enumerated() {
            for statistic in UndefinedStatistics.names.indices {
                let isStale = scrape.snapshot.isStale[index]
                guard let reason = UndefinedStatistics.reason(statistic, reading, isStale: isStale) else { continue }
                positions.append(UndefinedStatistics.position(of: statistic, because: reason, reading: index))
            }
        }
        samples.writeOnes(scrape.labels.undefined, at: positions)
    }

    static let legUp = PairMetric(
        MetricFamily(
            "pairs_leg_up",
            .gauge,
            help: "1 while that leg's stream is proven alive, by data on this connection or by the venue having none.",
            labelNames: ["pair", "leg"]
        ),
        isCore: true,
        count: { _ in 2 }
    ) { scrape, samples in
        samples.write(scrape.labels.legs, upTo: scrape.snapshot.legs.count * 2) { position in
            let legs = scrape.snapshot.legs[position / 2]
            return (position % 2 == 0 ? legs.y : legs.x).isUp ? 1 : 0
        }
    }
}
