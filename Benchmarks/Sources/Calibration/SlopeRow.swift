import PairStatistics
import SimulatedPairs

/// Row 3: how often the interval of the hedge ratio misses the true one.
enum SlopeRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        var table = Table(
            "95 % intervals slope ± 1.96 robust errors that miss the true hedge ratio, %",
            note: "Cointegrated pairs, correlation 0.7."
        )
        let markets = SimulatedMarketLaw.plain + [.bounce(deviations: 0.7), .bounce(deviations: 2)]
        for market in markets {
            let requirement: Table.Requirement =
                SimulatedMarketLaw.plain.contains(market) ? .within(4...8) : .atMost(22)
            for (window, halfLife) in [(240, 5.0), (240, 8), (240, 12), (240, 20), (500, 500 / 12), (1000, 1000 / 12)] {
                let population = Population(
                    market,
                    .cointegrated(halfLife: halfLife, correlation: 0.7),
                    bars: window
                )
                let misses = await study.map(population, count: 10 * study.pairs, misses).compactMap { $0 }
                table.addPercent(
                    "window \(window), half-life \(Number.text(halfLife.rounded()))",
                    market.label,
                    .share(misses),
                    requirement
                )
            }
        }
        return [table]
    }

    /// The true hedge ratio of a simulated pair is 1.
    @Sendable private static func misses(_ pair: SimulatedPair) -> Bool? {
        guard let fit = try? LinearFit(PairMoments(x: pair.x, y: pair.y)),
            let error = try? RobustSlopeError(x: pair.x, y: pair.y)
        else { return nil }
        return abs(fit.slope - 1) > 1.96 * error.slopeStandardError
    }
}
