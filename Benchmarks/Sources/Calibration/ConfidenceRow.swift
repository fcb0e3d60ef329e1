import SimulatedPairs

/// Row 1: how well the confidence separates cointegrated pairs from random walks.
enum ConfidenceRow {
    @Sendable static func tables(_ study: Study) async -> [Table] {
        let bar = 5 * Population.window
        var table = Table(
            "Confidence: area under the ROC curve",
            note: "Cointegrated pairs against random walks, taken four windows after the first full one."
        )
        for market in SimulatedMarketLaw.plain {
            func scores(_ population: Population) async -> [Double] {
                await study.journals(of: population, count: study.pairs).map { $0.confidence(before: bar) }
            }
            let walks = await scores(.unrelated(market, correlation: 0.7))
            for halfLife in [5.0, 8, 12, 20] {
                table.add(
                    "half-life \(Number.text(halfLife)), correlation 0.7 in both",
                    market.label,
                    .areaUnderCurve(positives: await scores(.related(market, halfLife: halfLife)), negatives: walks),
                    digits: 3,
                    .atLeast(0.95)
                )
            }
            let loose = Population(market, .cointegrated(halfLife: 5, correlation: 0.31), bars: bar)
            table.add(
                "half-life 5, correlation 0.31, against walks of 0.9",
                market.label,
                .areaUnderCurve(
                    positives: await scores(loose),
                    negatives: await scores(.unrelated(market, correlation: 0.9))
                ),
                digits: 3,
                .atLeast(0.98)
            )
        }
        return [table]
    }
}

extension Population {
    /// Bars of a pair that is not cointegrated: a first window, six windows of a fresh start and six of steady state.
    static let unrelatedBars = 13 * window

    /// Random walks.
    static func unrelated(_ market: SimulatedMarketLaw, correlation: Double) -> Population {
        Population(market, .walks(correlation: correlation), bars: unrelatedBars)
    }

    /// A leg that reverts by itself against a random walk.
    static func pegged(_ market: SimulatedMarketLaw) -> Population {
        Population(market, .pegged(halfLife: 5), bars: unrelatedBars)
    }

    /// Pairs whose returns correlate as 0.7; those of a short half-life are followed for the 20 windows after they are
    /// proven.
    static func related(_ market: SimulatedMarketLaw, halfLife: Double) -> Population {
        let windows = isShort(halfLife) ? 27 : 10
        return Population(market, .cointegrated(halfLife: halfLife, correlation: 0.7), bars: windows * window)
    }

    /// Whether a half-life is at most a thirtieth of the window.
    static func isShort(_ halfLife: Double) -> Bool { halfLife * 30 <= Double(window) }

    /// The bar at which a pair in steady state changes.
    static let lateBar = 7 * window

    /// Pairs whose spread becomes a random walk.
    static func breaking(_ market: SimulatedMarketLaw, halfLife: Double) -> Population {
        Population(market, .cointegrated(halfLife: halfLife, correlation: 0.7), bars: lateBar + 5 * window)
            .changed(.walk, from: lateBar)
    }
}
