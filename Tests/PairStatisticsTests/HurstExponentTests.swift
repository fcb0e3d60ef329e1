import PairStatistics
import TestSupport
import Testing

@Suite struct HurstExponentTests {
    @Test(
        "The frozen pair equals arbitragelab's definition",
        arguments: [(100, 0.30233346136266415), (40, 0.3595554506514656)]
    )
    func frozen(maximumLag: Int, exponent: Double) throws {
        #expect(abs(try HurstExponent(FrozenPair.series.y, maximumLag: maximumLag).exponent - exponent) < 1e-12)
    }

    @Test("Half for a walk, near 0 for noise, 1 for a noisy line")
    func direction() throws {
        var random = SeededRandom(seed: 6)
        #expect(try abs(HurstExponent(random.walk(20_000)).exponent - 0.5) < 0.05)
        #expect(try abs(HurstExponent(random.autoregression(0, count: 20_000)).exponent) < 0.02)
    }

    @Test("Degenerate series have a reason instead of a number")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try HurstExponent(Array(FrozenPair.series.y[..<100])) }
        #expect(throws: UndefinedStatistic.constant) { try HurstExponent(Array(repeating: 0.1, count: 200)) }
        #expect(throws: UndefinedStatistic.invalidLag) { try HurstExponent(FrozenPair.series.y, maximumLag: 3) }
        #expect(throws: UndefinedStatistic.tooFew) { try HurstExponent(FrozenPair.series.y.map { $0 + .nan }) }
    }
}
