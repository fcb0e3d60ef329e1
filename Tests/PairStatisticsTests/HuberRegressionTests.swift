import Testing

@testable import PairStatistics

@Suite struct HuberRegressionTests {
    private let x = FrozenPair.series.x
    private let y = FrozenPair.series.y

    @Test("The frozen pair equals statsmodels")
    func frozen() throws {
        let fit = try HuberRegression(x: x, y: y)
        #expect(abs(fit.slope - 1.6603700226709264) < 1e-9)
        #expect(abs(fit.scale - 0.0036102183999359994) < 1e-11)
        #expect(abs(fit.intercept - 0.3622803) < 1e-6)
        #expect(fit.iterations < 100)
    }

    @Test("A tenth of the points half a unit off: statsmodels again, where least squares is far off")
    func outliers() throws {
        let shifted = y.enumerated().map { $0.offset.isMultiple(of: 10) ? $0.element + 0.5 : $0.element }
        let fit = try HuberRegression(x: x, y: shifted)
        #expect(abs(fit.slope - 1.66050006) < 1e-7)
        #expect(abs(fit.scale - 0.004457428977327035) < 1e-10)
        #expect(try abs(LinearFit(PairMoments(x: x, y: shifted)).slope - 1.66) > 0.1)
    }

    @Test("More than half of the points on one line: that line, with a scale of 0")
    func exactMajority() throws {
        let values = (0..<40).map(Double.init)
        let fit = try HuberRegression(x: values, y: values.map { $0 == 20 ? 100 : 2 * $0 + 1 })
        #expect(abs(fit.slope - 2) < 1e-6)
    }

    @Test("It has no fit where least squares has none")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try HuberRegression(x: [1, 2], y: [1, 2]) }
        #expect(throws: UndefinedStatistic.tooFew) { try HuberRegression(x: [1, 2, 3], y: [1, 2]) }
        #expect(throws: UndefinedStatistic.flatLeg) { try HuberRegression(x: [2, 2, 2, 2], y: [1, 2, 3, 5]) }
    }
}
