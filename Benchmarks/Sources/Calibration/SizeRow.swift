import SimulatedPairs

/// Row 5: a leg that reverts by itself does not make a cointegrated pair.
enum PeggedRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        var table = Table(
            "A mean-reverting leg, half-life 5, against a random walk, %",
            note: "The p-value is the larger one of both directions, at tests that share no bar."
        )
        for market in SimulatedMarketLaw.plain {
            let journals = await study.journals(of: .pegged(market), count: study.pairs)
            table.addPercent("p < 0.05", market.label, SizeRow.size(journals, below: 0.05) { $0.pValue })
            table.addPercent(
                "proven at some test of 6 windows",
                market.label,
                .share(journals.map { $0.isProven(in: 0..<(7 * Population.window)) }),
                .atMost(2)
            )
        }
        return [table]
    }
}

/// Row 6: how often p-values are small for random walks.
enum SizeRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        var table = Table(
            "Size of the cointegration tests on random walks, %",
            note: """
                Tests that share no bar; of the burst of volatility, those whose window holds at least half of it. \
                "MacKinnon" is the larger p-value of both directions, "finite-sample" the table's, "calibrated" the one \
                that evidence counts.
                """
        )
        for level in [0.05, 0.01] {
            for correlation in [0.0, 0.7] {
                for market in SimulatedMarketLaw.all {
                    let journals = await ProvenRow.journals(study, market, correlation: correlation)
                    let line = "nominal \(Number.text(100 * level)), correlation \(Number.text(correlation))"
                    func add(
                        _ name: String,
                        _ requirement: Table.Requirement,
                        _ pValue: (Journal.Test) -> Double
                    ) {
                        table.addPercent(
                            "\(name), \(line)",
                            market.label,
                            size(journals, below: level, duringBurst: market.hasBurst, pValue),
                            level == 0.05 ? requirement : .none
                        )
                    }
                    add("MacKinnon", .none) { $0.pValue }
                    add("finite-sample", ofTable(market)) { $0.finiteSamplePValue }
                    add("calibrated", calibrated(market)) { $0.calibratedPValue }
                }
            }
        }
        return [table]
    }

    /// Share of the tests that share no bar whose p-value is below a level.
    static func size(
        _ journals: [Journal],
        below level: Double,
        duringBurst: Bool = false,
        _ pValue: (Journal.Test) -> Double
    ) -> Estimate {
        .ratio(
            journals.map { journal in
                let tests = journal.separateTests.filter { test in
                    !duringBurst || (50...290).contains(test.bar - journal.mostVolatileBar)
                }
                return (hits: Double(tests.count { pValue($0) < level }), trials: Double(tests.count))
            }
        )
    }

    private static func ofTable(_ market: SimulatedMarketLaw) -> Table.Requirement {
        switch market {
        case .gaussian, .studentT3: .within(4...7)
        case .garch: .atMost(9)
        case .bounce, .staleLeg, .volatilityBurst: .none
        }
    }

    private static func calibrated(_ market: SimulatedMarketLaw) -> Table.Requirement {
        if case .bounce = market { .atMost(9) } else { .within(4...7) }
    }
}
