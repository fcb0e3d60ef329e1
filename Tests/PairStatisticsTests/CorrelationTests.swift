import Testing

@testable import PairStatistics

@Suite struct CorrelationTests {
    private let frozen = FrozenPair.series

    private func steps(_ values: [Double]) -> [Double] {
        zip(values, values.dropFirst()).map { $1 - $0 }
    }

    @Test("Correlations of returns and of levels equal numpy on the frozen pair")
    func frozenPair() throws {
        let returns = PairMoments(x: steps(frozen.x), y: steps(frozen.y))
        #expect(abs(try Correlation.pearson(returns) - 0.8643994590505761) < 1e-12)
        #expect(abs(try Correlation.pearson(PairMoments(x: frozen.x, y: frozen.y)) - 0.9678530754417002) < 1e-13)
    }

    @Test("A line correlates fully, in its direction", arguments: [(2.0, 1.0), (-2.0, -1.0)])
    func line(slope: Double, correlation: Double) throws {
        let x = [1.0, 2, 3, 7]
        let moments = PairMoments(x: x, y: x.map { slope * $0 })
        #expect(abs(try Correlation.pearson(moments) - correlation) < 1e-15)
        #expect(abs(try Correlation.pearson(moments)) <= 1)
    }

    @Test("Too few pairs and flat legs have no correlation")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try Correlation.pearson(PairMoments(x: [1, 2], y: [1, 2])) }
        #expect(throws: UndefinedStatistic.flatLeg) {
            try Correlation.pearson(PairMoments(x: [1, 2, 3], y: [4, 4, 4]))
        }
        #expect(throws: UndefinedStatistic.tooFew) {
            try Correlation.pearson(PairMoments(x: [1, .nan, 3], y: [1, 2, 4]))
        }
    }

    @Test(
        "Fisher's lower bound of the size of a correlation",
        // tanh(atanh|r| - 1.959964/√(n-3))
        arguments: [(0.8, 100, 0.7161069923), (-0.8, 100, 0.7161069923), (0.1, 50, 0), (1, 10, 1)]
    )
    func fisher(correlation: Double, observations: Int, bound: Double) throws {
        let value = try #require(Correlation.lowerFisherBound(correlation: correlation, observations: observations))
        #expect(abs(value - bound) < 1e-9)
    }

    @Test("Without a degree of freedom, or for no correlation at all, there is no bound")
    func noBound() {
        #expect(Correlation.lowerFisherBound(correlation: 0.5, observations: 3) == nil)
        #expect(Correlation.lowerFisherBound(correlation: .nan, observations: 100) == nil)
        #expect(Correlation.lowerFisherBound(correlation: 1.5, observations: 100) == nil)
    }

    @Test("The golden pair equals numpy", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let returns = PairMoments(x: steps(golden.x), y: steps(golden.y))
        #expect(abs(try Correlation.pearson(returns) - golden.corrRet) < 1e-10)
        #expect(abs(try Correlation.pearson(PairMoments(x: golden.x, y: golden.y)) - golden.corrLvl) < 1e-10)
    }
}
