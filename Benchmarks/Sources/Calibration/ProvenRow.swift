import SimulatedPairs

/// Row 2: which pairs are proven cointegrated, when, and for how long.
enum ProvenRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        [await unrelated(study), await related(study)]
    }

    private static let window = Population.window
    private static let correlations = [0.0, 0.7, 0.9]

    private static func unrelated(_ study: Study) async -> Table {
        var table = Table(
            "Unrelated pairs that are proven at some test of 6 windows, %",
            note: """
                Fresh: the 6 windows after the first full one. Steady: the 6 windows after those. The burst of volatility \
                lies in the windows that are counted.
                """
        )
        for market in SimulatedMarketLaw.all {
            let requirement = requirement(market)
            var pooled: (fresh: [Bool], steady: [Bool]) = ([], [])
            for correlation in correlations {
                let journals = await journals(study, market, correlation: correlation)
                let (fresh, steady) = proven(journals, market)
                pooled.fresh += fresh
                pooled.steady += steady
                let line = "walks, correlation \(Number.text(correlation))"
                table.addPercent("\(line), fresh", market.label, .share(fresh), requirement)
                table.addPercent("\(line), steady", market.label, .share(steady), requirement)
            }
            table.addPercent("walks, all three, fresh", market.label, .share(pooled.fresh), requirement)
            table.addPercent("walks, all three, steady", market.label, .share(pooled.steady), requirement)
        }
        for market in SimulatedMarketLaw.plain {
            let journals = await study.journals(of: .pegged(market), count: study.pairs)
            let (fresh, steady) = proven(journals, market)
            table.addPercent("pegged leg against a walk, fresh", market.label, .share(fresh), .atMost(2))
            table.addPercent("pegged leg against a walk, steady", market.label, .share(steady), .atMost(2))
        }
        return table
    }

    /// Journals of random walks; a burst of volatility lies in half of the windows, so that there are twice as many.
    static func journals(_ study: Study, _ market: SimulatedMarketLaw, correlation: Double) async -> [Journal] {
        await study.journals(
            of: .unrelated(market, correlation: correlation),
            count: market.hasBurst ? 2 * study.pairs : study.pairs
        )
    }

    private static func proven(_ journals: [Journal], _ market: SimulatedMarketLaw) -> (fresh: [Bool], steady: [Bool]) {
        func flags(_ bars: Range<Int>, burst: Range<Int>) -> [Bool] {
            journals.filter { !market.hasBurst || burst.contains($0.mostVolatileBar) }.map { $0.isProven(in: bars) }
        }
        return (
            flags(0..<(7 * window), burst: 0..<(7 * window - 100)),
            flags((7 * window)..<(13 * window), burst: (6 * window)..<(13 * window))
        )
    }

    private static func requirement(_ market: SimulatedMarketLaw) -> Table.Requirement {
        switch market {
        case .gaussian, .studentT3, .garch: .atMost(2)
        case .bounce, .volatilityBurst: .atMost(5)
        case .staleLeg: .none
        }
    }

    private static func related(_ study: Study) async -> Table {
        var table = Table(
            "Cointegrated pairs, correlation 0.7, %",
            note: """
                Windows count from the first full one. Lost: of the pairs that are proven when their spread becomes a \
                random walk, those that some test of the next 5 windows does not find proven.
                """
        )
        for market in SimulatedMarketLaw.plain {
            for halfLife in [3.0, 5, 8, 12, 20] {
                let journals = await study.journals(of: .related(market, halfLife: halfLife), count: study.pairs)
                table.addPercent(
                    "half-life \(Number.text(halfLife)): proven within 5 windows",
                    market.label,
                    .share(journals.map { $0.isProven(in: 0..<(6 * window)) }),
                    halfLife <= 8 ? .atLeast(85) : halfLife <= 12 ? .atLeast(60) : .none
                )
                guard Population.isShort(halfLife) else { continue }
                table.addPercent(
                    "half-life \(Number.text(halfLife)): tests proven in the 20 windows after the first",
                    market.label,
                    .ratio(journals.compactMap(persistence)),
                    .atLeast(90)
                )
            }
            for halfLife in BreakRow.halfLives {
                let journals = await study.journals(of: .breaking(market, halfLife: halfLife), count: study.pairs)
                table.addPercent(
                    "half-life \(Number.text(halfLife)): lost within 5 windows after the change to a walk",
                    market.label,
                    .share(journals.filter { $0.isProven(before: Population.lateBar) }.map(isLost)),
                    Population.isShort(halfLife) ? .atLeast(80) : .none
                )
            }
        }
        return table
    }

    /// Tests that find the pair proven, of those in the 20 windows after the first that did; nil for a pair that is not
    /// proven early enough for all of them.
    private static func persistence(_ journal: Journal) -> (hits: Double, trials: Double)? {
        guard let first = journal.firstProvenBar, first < 6 * window else { return nil }
        let tests = journal.tests.filter { $0.bar > first && $0.bar <= first + 20 * window }
        return (Double(tests.count { $0.isProven }), Double(tests.count))
    }

    private static func isLost(_ journal: Journal) -> Bool {
        let bars = Population.lateBar..<(Population.lateBar + 5 * window)
        return journal.tests.contains { bars.contains($0.bar) && !$0.isProven }
    }
}

extension SimulatedMarketLaw {
    /// Whether the volatility is larger for some bars, at a place that differs from pair to pair.
    var hasBurst: Bool {
        if case .volatilityBurst = self { true } else { false }
    }
}
