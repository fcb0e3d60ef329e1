import PairEngine
import SimulatedPairs

/// Row 16: past extremes of the z-score, and how many reverted.
enum ExtremesRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        var counts = Table("Extremes of the z-score that were followed up, per 1,000 bars")
        var shares = Table("Of those, extremes that came back half of the way within the half-life, %")
        let relations: [(String, SimulatedPair.Relation)] = [
            ("walks, correlation 0.7", .walks(correlation: 0.7)),
            ("half-life 20", .cointegrated(halfLife: 20, correlation: 0.7)),
            ("half-life 8", .cointegrated(halfLife: 8, correlation: 0.7)),
        ]
        for market in SimulatedMarketLaw.plain {
            for (line, relation) in relations {
                let population = Population(market, relation, bars: 13 * Population.window)
                let watched = await study.map(population, count: 2 * study.pairs) { Watch($0) }
                let followed = watched.map { Double($0.extremes.followed) }
                counts.add(
                    line,
                    market.label,
                    .rate(zip(followed, watched).map { (hits: $0, trials: Double($1.bars)) }),
                    times: 1000,
                    digits: 2
                )
                shares.addPercent(
                    line,
                    market.label,
                    .ratio(zip(watched, followed).map { (hits: Double($0.extremes.reverted), trials: $1) })
                )
            }
        }
        return [counts, shares]
    }
}

/// Base rates of the forecast z-score and of `zscore_extreme`.
enum ScoreRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        var scores = Table(
            "Forecast z-score: share of bars beyond a level, %",
            note: "Reverting pairs have a half-life of a thirtieth of the window and a correlation of 0.89."
        )
        var rates = Table("zscore_extreme: beginnings per 1,000 bars")
        var held = Table("zscore_extreme: share of bars at which it holds, %")
        for window in [60, 240] {
            let relations: [(String, SimulatedPair.Relation)] = [
                ("walks, correlation 0", .walks(correlation: 0)),
                ("reverting", .cointegrated(halfLife: Double(window) / 30, correlation: 0.89)),
            ]
            for (name, relation) in relations {
                for market in SimulatedMarketLaw.plain {
                    let population = Population(market, relation, bars: 13 * window)
                    let watched = await study.map(population, count: 4 * study.pairs) { Watch($0, window: window) }
                    let line = "window \(window), \(name)"
                    for (position, level) in ["1", "2", "3"].enumerated() {
                        let parts = watched.map { (hits: Double($0.beyond[position]), trials: Double($0.scored)) }
                        scores.addPercent("\(line): beyond \(level)", market.label, .ratio(parts), digits: 2)
                    }
                    rates.add(
                        line,
                        market.label,
                        .rate(watched.map { $0.beginnings(of: .zScoreExtreme) }),
                        times: 1000,
                        digits: 2
                    )
                    held.addPercent(line, market.label, .rate(watched.map { $0.share(of: .zScoreExtreme) }))
                }
            }
        }
        return [scores, rates, held]
    }
}
