import Testing

@testable import SimulatedMarket

@Suite struct Xoshiro256Tests {
    @Test("SplitMix64 generates the published sequence of seed 1234567")
    func splitMix() {
        var generator = SplitMix64(seed: 1_234_567)
        let values = (0..<5).map { _ in generator.next() }
        #expect(
            values == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test("the same seed generates the same numbers, another seed generates others")
    func seeds() {
        var first = Xoshiro256(seed: 5)
        var second = Xoshiro256(seed: 5)
        var third = Xoshiro256(seed: 6)
        let numbers = (0..<100).map { _ in first.next() }
        #expect(numbers == (0..<100).map { _ in second.next() })
        #expect(numbers != (0..<100).map { _ in third.next() })
    }

    @Test("normal draws have the moments of the standard normal")
    func gaussian() {
        var generator = Xoshiro256(seed: 11)
        let count = 100_000.0
        let draws = (0..<Int(count)).map { _ in generator.gaussian() }
        let moments = (1...4).map { power in
            draws.reduce(0) { sum, draw in sum + (1...power).reduce(1.0) { product, _ in product * draw } } / count
        }
        // Five standard errors of each sample moment.
        #expect(abs(moments[0]) < 5 * (1 / count).squareRoot())
        #expect(abs(moments[1] - 1) < 5 * (2 / count).squareRoot())
        #expect(abs(moments[2]) < 5 * (15 / count).squareRoot())
        #expect(abs(moments[3] - 3) < 5 * (96 / count).squareRoot())
    }

    @Test("Poisson draws have mean and variance of their rate", arguments: [0.0, 0.5, 12, 100, 2000])
    func poisson(mean: Double) {
        var generator = Xoshiro256(seed: 13)
        let count = 2000.0
        let draws = (0..<Int(count)).map { _ in Double(generator.poisson(mean: mean)) }
        let average = draws.reduce(0, +) / count
        let variance = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / count
        #expect(abs(average - mean) <= 5 * (mean / count).squareRoot())
        #expect(abs(variance - mean) <= 5 * ((mean + 2 * mean * mean) / count).squareRoot())
    }
}
