import TestSupport
import Testing

@testable import PairStatistics

@Suite struct VarianceRatioTests {
    private static let (_, y) = FrozenPair.series

    /// One call of arch's `VarianceRatio` on y of the frozen pair.
    struct Case: Sendable {
        let periods: Int
        let hasDrift: Bool
        let isRobust: Bool
        let isDebiased: Bool
        let ratio: Double
        let statistic: Double
        let pValue: Double
    }

    static let cases = [
        Case(
            periods: 2,
            hasDrift: true,
            isRobust: true,
            isDebiased: true,
            ratio: 0.983780453733572,
            statistic: -0.20582038671992411,
            pValue: 0.8369312158300672
        ),
        Case(
            periods: 5,
            hasDrift: false,
            isRobust: true,
            isDebiased: false,
            ratio: 0.8678340312953594,
            statistic: -0.7678746456908935,
            pValue: 0.4425616617922883
        ),
        Case(
            periods: 5,
            hasDrift: false,
            isRobust: false,
            isDebiased: true,
            ratio: 0.9133525988354427,
            statistic: -0.4986932441480817,
            pValue: 0.6179955047027546
        ),
        Case(
            periods: 16,
            hasDrift: true,
            isRobust: false,
            isDebiased: false,
            ratio: 0.6768409951698807,
            statistic: -0.9257505284252854,
            pValue: 0.35457564225753524
        ),
    ]

    @Test("The frozen pair equals arch", arguments: cases)
    func frozen(reference: Case) throws {
        let test = try VarianceRatio(
            Self.y,
            periods: reference.periods,
            hasDrift: reference.hasDrift,
            isRobust: reference.isRobust,
            isDebiased: reference.isDebiased
        )
        #expect(abs(test.ratio - reference.ratio) < 1e-10)
        #expect(abs(test.statistic - reference.statistic) < 1e-10)
        #expect(abs(test.pValue - reference.pValue) < 1e-10)
    }

    @Test("About 1 for a walk, far below for a reverting series, above for persistent steps")
    func direction() throws {
        var random = SeededRandom(seed: 2)
        #expect(try abs(VarianceRatio(random.walk(5000), periods: 10).statistic) < 3)
        #expect(try VarianceRatio(random.autoregression(0.5, count: 5000), periods: 10).ratio < 0.5)
        var level = 0.0
        let persistent = random.autoregression(0.5, count: 5000).map { step in
            level += step
            return level
        }
        #expect(try VarianceRatio(persistent, periods: 10).ratio > 2)
    }

    @Test("Degenerate series have a reason instead of a number")
    func undefined() {
        #expect(throws: UndefinedStatistic.invalidLag) { try VarianceRatio(Self.y, periods: 1) }
        #expect(throws: UndefinedStatistic.tooFew) { try VarianceRatio([1, 2, 1.5], periods: 2) }
        #expect(throws: UndefinedStatistic.tooFew) { try VarianceRatio([1, 2, .nan, 1.5, 2], periods: 2) }
        // One block of three steps, which equals the drift for any values.
        #expect(throws: UndefinedStatistic.tooFew) { try VarianceRatio([1, 2, 1.5, 3], periods: 3, isDebiased: false) }
        // The step in the middle equals the drift, but for rounding: no two neighbours vary.
        #expect(throws: UndefinedStatistic.tooFew) { try VarianceRatio([100.23, 100.25, 100.26, 100.26]) }
        #expect(throws: UndefinedStatistic.constant) { try VarianceRatio((0..<50).map { 0.1 * Double($0) }) }
        #expect(throws: UndefinedStatistic.constant) { try VarianceRatio(Array(repeating: 0.1, count: 50)) }
    }
}
