import Foundation
import MarketData
import PairEngine
import PairsMetrics
import SimulatedMarket
import Testing

@testable import PairsApp

/// The signals on simulated markets with known parameters.
@Suite struct SignalScenarioTests {
    /// How a pair's spread behaves, and the window that suits it.
    private struct Pair {
        let halfLife: Double
        let spreadVolatility: Double
        let window: Int
        var driverVolatility = 2e-4
        /// Enough for the age of the last prices to add little to the spread.
        var tradesPerSecond = 200.0

        /// Its spread is small beside the moves of its driver, so that a noisier spread leaves the legs correlated.
        static let tight = Pair(halfLife: 8, spreadVolatility: 3e-5, window: 240, tradesPerSecond: 400)
        /// Its spread is wide beside the moves of its driver, so that legs that part for a while stay near their line.
        static let wide = Pair(halfLife: 1500, spreadVolatility: 5e-3, window: 4000)
        /// Its spread reverts within a bar, so that it does not stay on one side for long however wide it swings.
        static let quick = Pair(
            halfLife: 0.5,
            spreadVolatility: 6e-5,
            window: 480,
            driverVolatility: 5e-4
        )
    }

    private static func market(
        _ episode: SimulatedEpisode.Kind,
        of pair: Pair,
        lasting duration: Int,
        factor: Double,
        seed: UInt64
    ) -> SimulatedMarketConfiguration {
        SimulatedMarketConfiguration(
            seed: seed,
            instruments: [
                .randomWalk(
                    "BTCUSDT",
                    price: 60_000,
                    volatility: pair.driverVolatility,
                    tradesPerSecond: pair.tradesPerSecond
                ),
                .follower(
                    "ETHUSDT",
                    of: "BTCUSDT",
                    price: 2_600,
                    hedgeRatio: 1.2,
                    halfLife: pair.halfLife,
                    spreadVolatility: pair.spreadVolatility,
                    tradesPerSecond: pair.tradesPerSecond
                ),
            ],
            episodes: [
                SimulatedEpisode(episode, of: "ETHUSDT", start: 60, duration: Double(duration), factor: factor)
            ]
        )
    }

    private static let isLong = ProcessInfo.processInfo.environment["PAIRS_LONG_TESTS"] != nil
    /// Markets to try: a defect need not show on the first.
    private static let seeds: ClosedRange<UInt64> = isLong ? 1...20 : 1...1

    /// What happened in the 120 seconds from the start of an episode on.
    private struct Course {
        /// Seconds from the start of the episode to the first bar at which the signal held.
        var delays: [Signal: Int] = [:]
        /// Signals that held in the last second.
        var atTheEnd: SignalSet = []
        /// Signals that began.
        var begun: SignalSet = []
    }

    private func course(
        _ episode: SimulatedEpisode.Kind,
        of pair: Pair = .tight,
        lasting duration: Int = 60,
        factor: Double = 10,
        thresholds: SignalThresholds = SignalThresholds(),
        seed: UInt64
    ) throws -> Course {
        let market = Self.market(episode, of: pair, lasting: duration, factor: factor, seed: seed)
        var run = try SimulatedRun(market, pairs: [(1, 0)], windows: [pair.window], thresholds: thresholds)
        for _ in 0..<60 { run.step() }
        let before = run.engine.readings[0].signals.entries
        var course = Course()
        for second in 1...120 {
            run.step()
            for signal in Signal.allCases where run.engine.readings[0].holds(signal) == true {
                if course.delays[signal] == nil { course.delays[signal] = second }
            }
        }
        let reading = run.engine.readings[0]
        for (index, signal) in Signal.allCases.enumerated() where reading.signals.entries[index] > before[index] {
            course.begun.insert(SignalSet(signal))
        }
        course.atTheEnd = reading.activeSignals
        return course
    }

    /// How many markets a share of a hundred is, rounded up.
    private static func enough(_ percent: Int) -> Int { (seeds.count * percent + 99) / 100 }

    /// The spread drifts away, so that it becomes extreme and wide as well.
    @Test("Legs that part are a correlation breakdown within the recent bars and the dwell, and not for good")
    func decoupling() throws {
        let thresholds = SignalThresholds()
        var found = 0
        for seed in Self.seeds {
            let course = try course(.decoupling, seed: seed)
            let delay = course.delays[.correlationBreakdown]
            if delay.map({ $0 <= thresholds.recentBars + thresholds.dwellBars + 1 }) == true { found += 1 }
            #expect(!course.atTheEnd.contains(.correlationBreakdown))
        }
        #expect(found >= Self.enough(80), "\(found) of \(Self.seeds.count)")
    }

    /// The part of y that x explained before then belongs to the spread's changes, so that these are wider as well.
    @Test("Legs that part beside a wide spread are a correlation breakdown, neither far apart nor a break")
    func decouplingAlone() throws {
        let thresholds = SignalThresholds()
        var found = 0
        var alone = 0
        for seed in Self.seeds {
            let course = try course(.decoupling, of: .wide, lasting: 40, seed: seed)
            let delay = course.delays[.correlationBreakdown]
            if delay.map({ $0 <= thresholds.recentBars + thresholds.dwellBars + 1 }) == true { found += 1 }
            if course.begun.isSubset(of: [.correlationBreakdown, .volatilitySpike]) { alone += 1 }
        }
        // Beside a wide spread the correlation before is lower, so that less of it is lost.
        #expect(found >= Self.enough(50), "\(found) of \(Self.seeds.count)")
        // Within two minutes the z-score of a spread that nothing happens to becomes extreme in one market of ten.
        #expect(alone >= Self.enough(85), "\(alone) of \(Self.seeds.count)")
    }

    /// A spread ten times as wide is far from its line as well: half of the recent bars of a spike are more than 1.35
    /// deviations away.
    @Test(
        "A burst of the spread is a volatility spike while it lasts, and no correlation breakdown",
        arguments: seeds
    )
    func burst(seed: UInt64) throws {
        let course = try course(.volatilityBurst, seed: seed)
        #expect(try #require(course.delays[.volatilitySpike]) <= 60)
        #expect(!course.begun.contains(.correlationBreakdown))
        #expect(!course.atTheEnd.contains(.volatilitySpike))
    }

    @Test("A burst of a spread that crosses its line at every bar is a volatility spike and nothing else")
    func burstAlone() throws {
        // Of three times the usual width, three bars in a row are hardly ever beyond five deviations.
        let thresholds = SignalThresholds(zScoreEntry: 5)
        for seed in Self.seeds {
            let duration = 40
            let course = try course(
                .volatilityBurst,
                of: .quick,
                lasting: duration,
                factor: 3,
                thresholds: thresholds,
                seed: seed
            )
            #expect(try #require(course.delays[.volatilitySpike]) <= duration)
            #expect(course.begun == SignalSet(.volatilitySpike))
            #expect(course.atTheEnd.isEmpty)
        }
    }

    @Test("A silent feed begins no signal of bars: its reading becomes stale", arguments: seeds)
    func silence(seed: UInt64) throws {
        let market = Self.market(.silentFeed, of: .tight, lasting: 60, factor: 1, seed: seed)
        var run = try SimulatedRun(market, pairs: [(1, 0)], windows: [Pair.tight.window])
        // The last bar with trades of both legs has closed.
        for _ in 0..<62 { run.step() }
        let before = run.engine.readings[0].signals.entries
        for second in 3...60 {
            run.step()
            let reading = run.engine.readings[0]
            for index in 0..<3 { #expect(reading.signals.entries[index] == before[index]) }
            let isStale = reading.isStale(now: run.now, carryLimit: SimulatedRun.carryLimit)
            #expect(isStale == (second > SimulatedRun.carryLimit + 1))
            let words = Interpretation(reading, thresholds: SignalThresholds(), isStale: isStale)
            #expect((words.state == .undefined(.stale)) == isStale)
        }
        // Trades continue.
        for _ in 0..<60 { run.step() }
        let after = run.engine.readings[0]
        #expect(!after.isStale(now: run.now, carryLimit: SimulatedRun.carryLimit))
        for index in [1, 2] { #expect(after.signals.entries[index] == before[index]) }
    }

    @Test("The same market gives the reviewed sentences")
    func golden() throws {
        var market = Self.market(.volatilityBurst, of: .tight, lasting: 40, factor: 10, seed: 1)
        market.episodes = [
            SimulatedEpisode(.volatilityBurst, of: "ETHUSDT", start: 10, duration: 40, factor: 10),
            SimulatedEpisode(.decoupling, of: "ETHUSDT", start: 80, duration: 40),
            SimulatedEpisode(.silentFeed, of: "ETHUSDT", start: 150, duration: 40),
        ]
        var run = try SimulatedRun(market, pairs: [(1, 0)], windows: [Pair.tight.window])
        var states: [String] = []
        for _ in 0..<200 {
            run.step()
            let reading = run.engine.readings[0]
            let isStale = reading.isStale(now: run.now, carryLimit: SimulatedRun.carryLimit)
            let state = Interpretation(reading, thresholds: SignalThresholds(), isStale: isStale).state.name
            if states.last != state { states.append(state) }
        }
        #expect(
            states == [
                "calm", "pending", "calm", "pending", "stretched", "stretched and turbulent", "stretched",
                "recovering", "calm", "pending", "calm", "pending", "turbulent", "stretched and turbulent",
                "stretched, decoupled and turbulent", "decoupled and turbulent",
                "stretched, decoupled and turbulent", "decoupled and turbulent",
                "stretched, decoupled and turbulent", "stretched and decoupled", "decoupled", "recovering", "calm",
                "pending", "calm", "stale", "calm",
            ]
        )
    }

    @Test("Unrelated legs are not proven, and have neither a correlation nor a relation to break")
    func unrelated() throws {
        let walks = SimulatedMarketConfiguration(
            seed: 3,
            instruments: ["AUSDT", "BUSDT"].map {
                .randomWalk($0, price: 100, volatility: 2e-4, tradesPerSecond: 10, priceDecimals: 4)
            },
            episodes: []
        )
        var run = try SimulatedRun(walks, pairs: [(1, 0)], windows: [240])
        for _ in 0..<200 {
            run.step()
            let reading = run.engine.readings[0]
            #expect(reading.holds(.stationarityRisk) == false)
            #expect(reading.holds(.correlationBreakdown) == false)
            #expect((reading.confidence ?? 1) < 0.2)
        }
    }

    /// The counts of a Poisson process but for those at either end that come in less than one run in 10,000.
    private static func counts(mean: Double) -> ClosedRange<Int> {
        var probability = exp(-mean)
        var (count, cumulated, least) = (0, probability, 0)
        while 1 - cumulated >= 1e-4 {
            if cumulated < 1e-4 { least = count + 1 }
            count += 1
            probability *= mean / Double(count)
            cumulated += probability
        }
        return least...count
    }

    @Test(
        "On a day without episodes signals begin as often as they are calibrated to, and never twice within the dwell",
        .enabled(if: isLong)
    )
    func quietDay() throws {
        // Bars of five seconds; each spread has a half-life of a thirtieth of its window and steps half the driver's.
        func follower(_ symbol: String, halfLife: Double) -> SimulatedInstrument {
            let step = 2e-4 * 5.squareRoot() / 2
            return .follower(
                symbol,
                of: "BTCUSDT",
                price: 2_600,
                hedgeRatio: 1,
                halfLife: halfLife,
                spreadVolatility: step / (2 * (1 - exp2(-5 / halfLife))).squareRoot(),
                tradesPerSecond: 6
            )
        }
        let quiet = SimulatedMarketConfiguration(
            seed: 11,
            instruments: [
                .randomWalk("BTCUSDT", price: 60_000, volatility: 2e-4, tradesPerSecond: 6),
                follower("QUICKUSDT", halfLife: 10), follower("SLOWUSDT", halfLife: 40),
            ],
            episodes: []
        )
        var run = try SimulatedRun(quiet, pairs: [(1, 0), (2, 0)], timeframe: "5s", windows: [60, 240])
        // Beginnings in a thousand bars, as SignalCalibrationTests and the README have them.
        let calibrated = [(reading: 0, rates: [4.8, 0.03, 0.05, 0]), (reading: 3, rates: [6.4, 0.03, 0.02, 0.03])]
        let bars = 24 * 3600 / 5
        var lastChange: [Int: [Int: Int]] = [:]
        var held: [Int: [Bool?]] = [:]
        for bar in 0..<bars {
            for _ in 0..<5 { run.step() }
            for (reading, _) in calibrated {
                let states = Signal.allCases.map { run.engine.readings[reading].holds($0) }
                for (index, signal) in Signal.allCases.enumerated() {
                    guard let before = held[reading]?[index], let now = states[index], before != now else { continue }
                    if let last = lastChange[reading]?[index], signal != .stationarityRisk {
                        #expect(bar - last >= SignalThresholds().dwellBars, "\(signal)")
                    }
                    lastChange[reading, default: [:]][index] = bar
                }
                held[reading] = states
            }
        }
        for (reading, rates) in calibrated {
            let entries = run.engine.readings[reading].signals.entries
            print("24 hours without episodes, window \(run.engine.readings[reading].window): began \(entries)")
            for (index, signal) in Signal.allCases.enumerated() {
                let mean = rates[index] / 1000 * Double(bars)
                let (count, expected) = (Int(entries[index]), Self.counts(mean: mean))
                #expect(expected.contains(count), "\(signal): \(count), not about \(mean)")
            }
        }
    }
}
