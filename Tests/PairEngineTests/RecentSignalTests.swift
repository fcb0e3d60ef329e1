import MarketData
import SimulatedPairs
import TestSupport
import Testing

@testable import PairEngine
@testable import PairStatistics

/// Signals that compare recent bars with the window before them, on simulated markets with known relations.
///
/// The bounds are wide: with few pairs they detect faults only; the calibration report has the figures.
@Suite struct RecentSignalTests {
    private static let window = 240
    private static let thresholds = SignalThresholds()

    /// The results of the monitor for a pair, bar by bar from the first full window on.
    private struct Course {
        var ratios: [Double] = []
        var spikes: [Bool] = []
        var breakdowns: [Bool] = []
        var entries = SIMD4<UInt32>.zero
    }

    private func course(
        _ market: SimulatedMarketLaw,
        _ relation: SimulatedPair.Relation,
        bars: Int,
        change: (kind: SimulatedPair.Change, bar: Int)? = nil,
        seed: Int
    ) throws -> Course {
        let pair = SimulatedPair(market, relation, bars: bars, change: change, seed: UInt64(seed))
        var window = RollingPairWindow(capacity: Self.window)
        var monitor = SignalMonitor(window: Self.window, thresholds: Self.thresholds)
        let timeframe = try Timeframe.sample("1m")
        var course = Course()
        for bar in pair.x.indices {
            window.append(x: pair.x[bar], y: pair.y[bar])
            guard window.isFull else { continue }
            var reading = PairReading(pair: 0, timeframe: timeframe, window: Self.window, minimumFill: 0.9)
            reading.fit = measured { () throws(UndefinedStatistic) in try LinearFit(window.levels) }
            reading.returnCorrelation = measured { () throws(UndefinedStatistic) in
                try Correlation.pearson(window.returns)
            }
            window.withSlots { monitor.update(window.moments, of: $0, isCarried: false, &reading) }
            course.ratios.append(try reading.volatilityRatio.get())
            course.spikes.append(reading.signals.active.contains(.volatilitySpike))
            course.breakdowns.append(reading.signals.active.contains(.correlationBreakdown))
        }
        course.entries = monitor.entries
        return course
    }

    @Test(
        "The usual volatility ratio is about 1 whether and however fast the spread reverts",
        arguments: [
            .walks(correlation: 0), .cointegrated(halfLife: 20, correlation: 0.7),
            .cointegrated(halfLife: 5, correlation: 0.7),
        ] as [SimulatedPair.Relation]
    )
    func usualRatio(relation: SimulatedPair.Relation) throws {
        var ratios: [Double] = []
        var spikes = 0
        for seed in 0..<3 {
            let course = try course(.gaussian, relation, bars: 800, seed: seed)
            ratios += course.ratios
            spikes += course.spikes.count(where: \.self)
        }
        ratios.sort()
        #expect((0.9...1.03).contains(ratios[ratios.count / 2]))
        #expect(spikes <= ratios.count / 200)
    }

    @Test("A spread whose innovations triple for 20 bars is found within these and the dwell")
    func tripled() throws {
        let found = try (0..<16).count { seed in
            let course = try course(
                .gaussian,
                .cointegrated(halfLife: 8, correlation: 0.7),
                bars: 323,
                change: (.widerSpread(factor: 3, bars: 20), 300),
                seed: 100 + seed
            )
            return course.spikes.suffix(23).contains(true)
        }
        #expect(found >= 11)
    }

    @Test(
        "A correlation that stays seldom seems to break down, with heavy tails and clustered volatility too",
        arguments: [.gaussian, .studentT3, .garch] as [SimulatedMarketLaw],
        [0.7, 0.9]
    )
    func steady(market: SimulatedMarketLaw, correlation: Double) throws {
        var entries = 0
        for seed in 0..<2 {
            entries += Int(
                try course(market, .walks(correlation: correlation), bars: 1240, seed: 300 + seed).entries[1]
            )
        }
        // Of 2,000 bars; at 0.1 in 1,000 three or more have a chance of 0.1 %.
        #expect(entries <= 2)
    }

    @Test(
        "A correlation of 0.9 that vanishes is found within the recent bars and the dwell",
        arguments: [.gaussian, .studentT3, .garch] as [SimulatedMarketLaw],
        [1.0, -1]
    )
    func decoupling(market: SimulatedMarketLaw, sign: Double) throws {
        let found = try (0..<16).count { seed in
            let course = try course(
                market,
                .walks(correlation: sign * 0.9),
                bars: 323,
                change: (.decoupling, 300),
                seed: 500 + seed
            )
            return course.breakdowns.last == true
        }
        // Usual are 14 or 13; fewer than 10 have a chance of 1 % at most.
        #expect(found >= 10)
    }

    @Test("Volatility that bursts in both legs at once is no breakdown")
    func burst() throws {
        for seed in 0..<2 {
            let burst = try course(
                .volatilityBurst(factor: 5, bars: 100),
                .walks(correlation: 0.9),
                bars: 800,
                seed: 700 + seed
            )
            #expect(burst.entries[1] == 0)
        }
    }
}
