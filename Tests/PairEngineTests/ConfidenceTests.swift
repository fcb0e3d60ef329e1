import TestSupport
import Testing

@testable import PairEngine

@Suite struct ConfidenceTests {
    @Test(
        "Confidence is the product of its links, capped while cointegration is unproven or bars are old; the least is named",
        arguments: [
            (0.9, 1.0, 1.0, true, 0.9, ConfidenceLink.correlation, ConfidenceLevel.high),
            (0.9, 1.0, 1.0, false, 0.5, .cointegration, .moderate),
            (0.9, 0.5, 1.0, false, 0.3, .freshness, .low), (0.9, 0.79, 1.0, true, 0.3, .freshness, .low),
            (1.0, 0.8, 1.0, true, 0.8, .freshness, .high), (0.2, 0.5, 1.0, false, 0.1, .correlation, .low),
            (0.95, 1.0, 0.9, true, 0.855, .completeness, .high),
            (0.3, 0.9, 0.95, true, 0.2565, .correlation, .low), (0.5, 1.0, 1.0, false, 0.5, .correlation, .moderate),
            (0, 1.0, 1.0, false, 0, .correlation, .low),
        ]
    )
    func links(
        correlation: Double,
        freshness: Double,
        completeness: Double,
        isProven: Bool,
        value: Double,
        link: ConfidenceLink,
        level: ConfidenceLevel
    ) {
        let confidence = Confidence(
            correlation: correlation,
            freshness: freshness,
            completeness: completeness,
            isProven: isProven
        )
        #expect(abs(confidence.value - value) < 1e-12)
        #expect(confidence.weakestLink == link)
        #expect(confidence.level == level)
    }

    @Test("A reading without a correlation has no confidence, one with tests that pass has more than the cap")
    func reading() throws {
        var generator = SeededRandom(seed: 4)
        var run = try PairRun(windows: [60], tests: TestSettings(minimumObservations: 40))
        let slots = MarketSlot.random(300, using: &generator)
        run.close(Array(slots[..<30]))
        #expect(run.reading.confidence == nil)
        run.close(Array(slots[30...]))
        let reading = run.reading
        let confidence = try #require(reading.confidence)
        let lower = try #require(reading.returnCorrelationLower)
        let isProven = (reading.passRatio ?? 0) >= 0.5 && reading.holds(.stationarityRisk) == false
        #expect(confidence.value == (isProven ? lower : min(lower, 0.5)))
    }
}
