import MarketData
import PairEngine
import SimulatedPairs
import TestSupport

@testable import PairsMetrics

extension ReadingFacts {
    /// Any combination of numbers and states that a reading can have, values at the levels themselves included.
    static func random(_ random: inout SeededRandom) -> ReadingFacts {
        var thresholds = SignalThresholds()
        if random.uniform() < 0.3 {
            thresholds.zScoreEntry = 1 + 3 * random.uniform()
            thresholds.zScoreExit = thresholds.zScoreEntry * random.uniform()
            thresholds.correlationFloorExit = random.uniform()
            thresholds.correlationFloor = thresholds.correlationFloorExit * random.uniform()
            thresholds.volatilitySpikeRatio = 1 + 3 * random.uniform()
            thresholds.volatilitySpikeExit = thresholds.volatilitySpikeRatio * random.uniform()
            thresholds.pValue = 0.2 * random.uniform()
            thresholds.pValueExit = thresholds.pValue * random.uniform()
        }
        var facts = ReadingFacts(thresholds: thresholds, evidenceThreshold: 5 + 500 * random.uniform())
        facts.forecastZScore = number(&random, [thresholds.zScoreEntry, -thresholds.zScoreExit, 0, -27.9]) {
            3 * $0.normal()
        }
        facts.returnCorrelation = number(&random, [0.2, 0.5, -0.2, thresholds.correlationFloor, 1, -1]) {
            2 * $0.uniform() - 1
        }
        facts.recentCorrelation = number(&random, [thresholds.correlationFloor, -thresholds.correlationFloorExit]) {
            2 * $0.uniform() - 1
        }
        facts.volatilityRatio = number(&random, [thresholds.volatilitySpikeRatio, thresholds.volatilitySpikeExit]) {
            4 * $0.uniform()
        }
        facts.activeSignals = SignalSet(rawValue: UInt8(random.next() & random.next() & 15))
        facts.fillTests(&random)
        facts.hasUnusualHedgeRatio = random.uniform() < 0.2
        if random.uniform() < 0.1 {
            // The reasons why a fit can have no value.
            let reasons: [UndefinedReason] = [.warmingUp, .flatLeg, .collinear, .tooFew, .gap, .stale]
            facts.absence = reasons.randomElement(using: &random)
            facts.shortfall = Shortfall.allCases.randomElement(using: &random) ?? .little
        }
        return facts
    }

    private mutating func fillTests(_ random: inout SeededRandom) {
        if random.uniform() < 0.2 { testReason = UndefinedReason.allCases.randomElement(using: &random) }
        if testReason == nil {
            calibratedPValue = random.uniform() < 0.5 ? 0.1 * random.uniform() : random.uniform()
            if random.uniform() < 0.1 { calibratedPValue = thresholds.pValue }
            if random.uniform() < 0.1 { calibratedPValue = thresholds.pValueExit }
            halfLifeReason = random.uniform() < 0.6 ? nil : UndefinedReason.allCases.randomElement(using: &random)
            isLegReverting = random.uniform() < 0.2
        }
        freshness = random.uniform() < 0.5 ? 1 : random.uniform()
        completeness = random.uniform() < 0.5 ? 1 : 0.9 + 0.1 * random.uniform()
        if random.uniform() < 0.1 { completeness = random.uniform() }
        guard random.uniform() < 0.85 else { return }
        // From a hundredth to a thousand times the threshold.
        let evidence = evidenceThreshold * (random.uniform() < 0.1 ? 1 : 1000 * (random.uniform() * random.uniform()))
        let weak = evidenceThreshold * 0.01 * (1 + 300 * random.uniform())
        self.evidence = random.uniform() < 0.5 ? evidence : weak
        isProven = random.uniform() < 0.5
        confidence = self.evidence.map { freshness * completeness * ($0 / ($0 + evidenceThreshold)) }
    }

    private static func number(
        _ random: inout SeededRandom,
        _ levels: [Double],
        _ draw: (inout SeededRandom) -> Double
    ) -> Double? {
        let kind = random.uniform()
        if kind < 0.1 { return nil }
        return kind < 0.25 ? levels.randomElement(using: &random) : draw(&random)
    }
}

/// Readings of simulated pairs of every relation, made by the engine.
enum SimulatedReadings {
    static let tests = TestSettings(everyBars: 30, minimumObservations: 100)
    static let window = 120

    /// Calls with the reading after every bar.
    static func forEach(
        seeds: Range<UInt64>,
        bars: Int = 480,
        _ body: (_ bar: Int, _ reading: PairReading) -> Void
    ) throws {
        let relations: [SimulatedPair.Relation] = [
            .walks(correlation: 0), .walks(correlation: 0.9), .cointegrated(halfLife: 4, correlation: 0.9),
            .cointegrated(halfLife: 10, correlation: 0.6), .pegged(halfLife: 4),
        ]
        let changes: [SimulatedPair.Change?] = [
            nil, .walk, .levelShift(deviations: 8), .widerSpread(factor: 6, bars: 40), .decoupling,
        ]
        for seed in seeds {
            let index = Int(seed)
            let change = changes[(index / relations.count) % changes.count].map { (kind: $0, bar: bars * 3 / 4) }
            let law = SimulatedMarketLaw.all[index % SimulatedMarketLaw.all.count]
            let relation = relations[index % relations.count]
            let pair = SimulatedPair(law, relation, bars: bars, change: change, seed: seed)
            var replay = WindowReplay(timeframe: try .sample("1m"), window: window, tests: tests)
            for bar in 0..<bars {
                // Of some pairs a bar is lost now and then, of others a stretch.
                let isLost = (index % 4 == 2 && bar % 97 == 96) || (index % 4 == 1 && (300..<330).contains(bar))
                replay.append(isLost ? nil : (x: pair.x[bar], y: pair.y[bar], isCarried: pair.isCarried[bar]))
                body(bar, replay.reading)
            }
        }
    }
}
