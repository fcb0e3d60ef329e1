import Foundation
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

/// Row 4: the half-life of the spread.
enum HalfLifeRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        var medians = Table(
            "Half-life: median of the estimates in bars",
            note: """
                Of all, absent ones with the estimate that is not published; required is the true half-life ± 10 %. \
                Published: of those that are not absent.
                """
        )
        var shares = Table(
            "Half-life: coverage of the 90 % interval, and share absent, %",
            note: """
                Of all, absent ones with the interval that is not published, as it has no upper end. Published: of those that \
                are not absent.
                """
        )
        for market in SimulatedMarketLaw.plain {
            for halfLife in [5.0, 8, 12, 20, 60] {
                let relation = SimulatedPair.Relation.cointegrated(halfLife: halfLife, correlation: 0.7)
                let found = await outcomes(study, market, relation)
                let line = "half-life \(Number.text(halfLife))"
                medians.add(
                    line,
                    market.label,
                    .median(found.map(\.bars)),
                    digits: 1,
                    .within((0.9 * halfLife)...(1.1 * halfLife))
                )
                medians.add(
                    "\(line), published",
                    market.label,
                    .median(found.filter { !$0.isAbsent }.map(\.bars)),
                    digits: 1
                )
                shares.addPercent(
                    "\(line): coverage",
                    market.label,
                    .share(found.map { $0.interval.contains(halfLife) }),
                    .within(87...95)
                )
                shares.addPercent(
                    "\(line): coverage, published",
                    market.label,
                    .share(found.filter { !$0.isAbsent }.map { $0.interval.contains(halfLife) })
                )
                shares.addPercent("\(line): absent", market.label, .share(found.map(\.isAbsent)))
            }
            let walks = await outcomes(study, market, .walks(correlation: 0.7))
            shares.addPercent("walks: absent", market.label, .share(walks.map(\.isAbsent)))
        }
        return [medians, shares]
    }

    /// One estimate.
    private struct Outcome {
        let bars: Double
        let interval: ClosedRange<Double>
        /// Whether the program publishes no half-life.
        let isAbsent: Bool
    }

    private static func outcomes(
        _ study: Study,
        _ market: SimulatedMarketLaw,
        _ relation: SimulatedPair.Relation
    ) async -> [Outcome] {
        let population = Population(market, relation, bars: Population.window)
        return await study.map(population, count: 10 * study.pairs, outcome).compactMap { $0 }
    }

    @Sendable private static func outcome(_ pair: SimulatedPair) -> Outcome? {
        guard let fit = try? LinearFit(PairMoments(x: pair.x, y: pair.y)) else { return nil }
        let spread = zip(pair.x, pair.y).map { fit.residual(x: $0, y: $1) }
        guard let autoregression = try? Autoregression(spread),
            let persistence = try? MedianUnbiasedPersistence(autoregression, origin: .residual)
        else { return nil }
        return Outcome(
            bars: bars(persistence.persistence),
            interval: bars(persistence.lower)...bars(persistence.upper),
            isAbsent: (try? HalfLife(spread)) == nil
        )
    }

    /// -ln 2 / ln φ; 0 for a series that reverts within one bar, infinite for one that does not revert.
    private static func bars(_ persistence: Double) -> Double {
        persistence <= 0 ? 0 : persistence >= 1 ? .infinity : -log(2) / log(persistence)
    }
}
