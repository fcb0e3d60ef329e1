import SimulatedPairs

/// Row 9: the break monitor, `stationarity_risk`.
enum BreakRow {
    static let halfLives = [5.0, 8, 20]
    private static let window = Population.window

    @Sendable static func tables(_ study: Study) async -> [Table] {
        var table = Table(
            "Break monitor, %",
            note: """
                False alarm: healthy pairs for which the signal begins within 3 windows after the monitor is armed, which \
                is a window after they are proven. Found: of the pairs that are proven and without the signal when the \
                change comes, those for which it begins in time.
                """
        )
        var held = Table(
            "stationarity_risk without any change: share of bars at which it holds, %",
            note: "Bars of full windows at which it is known."
        )
        for market in SimulatedMarketLaw.plain {
            for halfLife in halfLives {
                let name = "half-life \(Number.text(halfLife))"
                let isShort = Population.isShort(halfLife)
                let healthy = await study.journals(of: .related(market, halfLife: halfLife), count: study.pairs)
                table.addPercent(
                    "\(name): false alarm within 3 windows",
                    market.label,
                    .share(healthy.compactMap(hasFalseAlarm)),
                    .atMost(5)
                )
                let broken = await armed(study, .breaking(market, halfLife: halfLife))
                for (windows, least) in [(1, 50.0), (2, 80.0)] {
                    table.addPercent(
                        "\(name): change to a walk found within \(windows == 1 ? "a window" : "2 windows")",
                        market.label,
                        .share(broken.map { hasAlarm($0, within: windows * window) }),
                        isShort ? .atLeast(least) : .none
                    )
                }
                let shifted = await armed(study, shifting(market, halfLife: halfLife))
                table.addPercent(
                    "\(name): level shift of 3 s.d. found within 60 bars",
                    market.label,
                    .share(shifted.map { hasAlarm($0, within: 60) }),
                    isShort ? .atLeast(60) : .none
                )
                held.addPercent(name, market.label, .ratio(healthy.map(share)))
            }
            let walks = await study.journals(of: .unrelated(market, correlation: 0.7), count: study.pairs)
            held.addPercent("walks, correlation 0.7", market.label, .ratio(walks.map(share)))
        }
        return [table, held]
    }

    private static func shifting(_ market: SimulatedMarketLaw, halfLife: Double) -> Population {
        Population(
            market,
            .cointegrated(halfLife: halfLife, correlation: 0.7),
            bars: Population.lateBar + 60
        ).changed(.levelShift(deviations: 3), from: Population.lateBar)
    }

    /// Journals of the pairs that are proven and without an alarm of the last 3 windows when the change comes.
    private static func armed(_ study: Study, _ population: Population) async -> [Journal] {
        await study.journals(of: population, count: study.pairs).filter { journal in
            let recent = (population.changeBar - 3 * window)..<population.changeBar
            return journal.isProven(before: population.changeBar) && !journal.alarms.contains(where: recent.contains)
        }
    }

    private static func hasAlarm(_ journal: Journal, within bars: Int) -> Bool {
        journal.alarms.contains { $0 >= Population.lateBar && $0 < Population.lateBar + bars }
    }

    /// Nil for a pair that is never proven, or not early enough to be followed for three windows.
    private static func hasFalseAlarm(_ journal: Journal) -> Bool? {
        guard let first = journal.firstProvenBar, first < 6 * window else { return nil }
        return journal.alarms.contains { $0 > first && $0 <= first + 4 * window }
    }

    private static func share(_ journal: Journal) -> (hits: Double, trials: Double) {
        (Double(journal.alarmBars), Double(journal.knownBars))
    }
}
