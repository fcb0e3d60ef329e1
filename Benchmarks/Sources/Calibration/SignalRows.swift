import PairEngine
import SimulatedPairs

/// Row 7: the volatility ratio and `volatility_spike`.
enum VolatilityRow {
    private static let window = Population.window
    private static let changeBar = 3 * window
    /// The bars that are wider.
    private static let length = 20

    @Sendable static func tables(_ study: Study) async -> [Table] {
        var medians = Table("Volatility ratio: median", note: "One reading per pair; 1 is normal.")
        var shares = Table(
            "volatility_spike, %",
            note: """
                Found: innovations of the spread tripled for 20 bars, the signal begins within those and the dwell of 3. \
                Held: bars at which it holds without any change.
                """
        )
        let relations: [(String, SimulatedPair.Relation)] = [
            ("walks, correlation 0.7", .walks(correlation: 0.7)),
            ("half-life 20", .cointegrated(halfLife: 20, correlation: 0.7)),
            ("half-life 5", .cointegrated(halfLife: 5, correlation: 0.7)),
        ]
        for market in SimulatedMarketLaw.plain {
            for (line, relation) in relations {
                let quiet = Population(market, relation, bars: 5 * window)
                let watched = await study.map(quiet, count: 4 * study.pairs) { Watch($0) }
                medians.add(
                    line,
                    market.label,
                    .median(watched.compactMap(\.volatilityRatio)),
                    digits: 2,
                    .within(0.9...1.1)
                )
                let isGARCH = market == .garch
                shares.addPercent(
                    "\(line): held",
                    market.label,
                    .rate(watched.map { $0.share(of: .volatilitySpike) }),
                    digits: 2,
                    .atMost(isGARCH ? 3 : 0.2)
                )
                let wider = Population(market, relation, bars: changeBar + length + 3)
                    .changed(.widerSpread(factor: 3, bars: length), from: changeBar)
                let found = await study.map(wider, count: 4 * study.pairs) { pair in
                    Watch.finds(.volatilitySpike, pair, changeBar: changeBar, within: length + 3)
                }
                shares.addPercent(
                    "\(line): found",
                    market.label,
                    .share(found.compactMap { $0 }),
                    .atLeast(isGARCH ? 78 : 84)
                )
            }
        }
        return [medians, shares]
    }
}

/// Row 8: `correlation_breakdown`.
enum CorrelationRow {
    private static let window = Population.window

    @Sendable static func tables(_ study: Study) async -> [Table] {
        var rates = Table("correlation_breakdown without any change: beginnings per 1,000 bars")
        var shares = Table(
            "correlation_breakdown: returns of correlation 0.9 become independent, found within 23 bars, %"
        )
        for market in SimulatedMarketLaw.plain {
            for correlation in [0.5, 0.6, 0.7, 0.8, 0.9, 0.95] {
                for (line, relation) in relations(correlation) {
                    let population = Population(market, relation, bars: 13 * window)
                    let watched = await study.map(population, count: study.pairs) { Watch($0) }
                    rates.add(
                        "\(line), correlation \(Number.text(correlation))",
                        market.label,
                        .rate(watched.map { $0.beginnings(of: .correlationBreakdown) }),
                        times: 1000,
                        digits: 3,
                        .atMost(0.1)
                    )
                }
            }
            for (line, relation) in relations(0.9) {
                let bar = 3 * window
                let population = Population(market, relation, bars: bar + 23).changed(.decoupling, from: bar)
                let found = await study.map(population, count: 4 * study.pairs) { pair in
                    Watch.finds(.correlationBreakdown, pair, changeBar: bar, within: 23)
                }
                shares.addPercent(line, market.label, .share(found.compactMap { $0 }), .atLeast(90))
            }
        }
        return [rates, shares]
    }

    private static func relations(_ correlation: Double) -> [(String, SimulatedPair.Relation)] {
        [
            ("walks", .walks(correlation: correlation)),
            ("half-life 8", .cointegrated(halfLife: 8, correlation: correlation)),
        ]
    }
}
