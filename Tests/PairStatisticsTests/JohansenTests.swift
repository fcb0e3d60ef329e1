import Foundation
import PairStatistics
import Testing

@Suite struct JohansenTests {
    private static let (x, y) = FrozenPair.series

    @Test(
        "The frozen pair equals statsmodels",
        arguments: [
            (.constant, 0, [0.1302602298040296, 0.030185882048372692], [27.063721295657416, 4.8734862353299]),
            (.constant, 1, [0.10354290296787305, 0.019915379208993344], [20.448550619523637, 3.178385401296716]),
            (.constant, 2, [0.11195077636104539, 0.01941771024510763], [21.71888011979858, 3.0785675562333896]),
            (.trend, 1, [0.10206693344086475, 0.025108733488007996], [21.028075479456646, 4.017835045251475]),
            (
                .noConstant, 1, [0.09849921949054519, 0.00016047528704410396],
                [16.409067676808192, 0.025357130003747848]
            ),
        ] as [(Johansen.Deterministic, Int, [Double], [Double])]
    )
    func frozen(deterministic: Johansen.Deterministic, lags: Int, eigenvalues: [Double], trace: [Double]) throws {
        let test = try Johansen(y: Self.y, x: Self.x, deterministic: deterministic, lags: lags)
        // Without a constant a high level costs statsmodels digits.
        let tolerance = deterministic == .noConstant ? 1e-5 : 1e-9
        for rank in 0...1 {
            #expect(abs(test.eigenvalues[rank] - eigenvalues[rank]) < tolerance)
            #expect(abs(test.trace[rank].value - trace[rank]) < 200 * tolerance)
        }
        #expect(test.maximumEigenvalue[1] == test.trace[1])
        #expect(abs(test.maximumEigenvalue[0].value - (trace[0] - trace[1])) < 200 * tolerance)
    }

    @Test("The hedge ratio of the first relation, and its critical values")
    func relation() throws {
        let test = try Johansen(y: Self.y, x: Self.x)
        #expect(try abs(#require(test.hedgeRatio) - 1.6474235109173498) < 1e-9)
        let trace = CriticalValues(onePercent: 19.9349, fivePercent: 15.4943, tenPercent: 13.4294)
        let maximum = CriticalValues(onePercent: 18.52, fivePercent: 14.2639, tenPercent: 12.2971)
        #expect(test.trace[0].criticalValues == trace)
        #expect(test.maximumEigenvalue[0].criticalValues == maximum)
        #expect(test.observations == 158)
    }

    @Test("Swapping the legs changes nothing but the direction of the ratio")
    func symmetric() throws {
        let one = try Johansen(y: Self.y, x: Self.x)
        let other = try Johansen(y: Self.x, x: Self.y)
        #expect(abs(one.trace[0].value - other.trace[0].value) < 1e-9)
        #expect(try abs(#require(one.hedgeRatio) * #require(other.hedgeRatio) - 1) < 1e-9)
    }

    @Test("Scales of the legs only change the ratio's unit", arguments: [1e-8, 1e8])
    func scaleInvariance(scale: Double) throws {
        let original = try Johansen(y: Self.y, x: Self.x)
        let scaled = try Johansen(y: Self.y.map { $0 * scale }, x: Self.x)
        #expect(abs(original.trace[0].value - scaled.trace[0].value) < 1e-8)
        let ratio = try #require(scaled.hedgeRatio) / scale
        #expect(try abs(#require(original.hedgeRatio) - ratio) < 1e-8)
    }

    @Test("Degenerate legs have a reason instead of a number")
    func undefined() {
        let flat = Array(repeating: 3.3, count: 160)
        let line = (0..<160).map { 2 + 0.5 * Double($0) }
        #expect(throws: UndefinedStatistic.flatLeg) { try Johansen(y: flat, x: Self.x) }
        #expect(throws: UndefinedStatistic.flatLeg) { try Johansen(y: Self.y, x: line, deterministic: .trend) }
        #expect(throws: UndefinedStatistic.collinear) { try Johansen(y: Self.x.map { 2 * $0 }, x: Self.x) }
        // Its changes follow from its level, but for the rounding of a price of five digits.
        let decay = (0..<40).map { 65432.1 + 8 * pow(0.8, Double($0)) }
        #expect(throws: UndefinedStatistic.collinear) { try Johansen(y: decay, x: Array(Self.x[..<40])) }
        #expect(throws: UndefinedStatistic.invalidLag) { try Johansen(y: Self.y, x: Self.x, lags: -1) }
        #expect(throws: UndefinedStatistic.tooFew) { try Johansen(y: Self.y, x: Self.x, lags: 60) }
        #expect(throws: UndefinedStatistic.tooFew) { try Johansen(y: Self.y, x: Array(Self.x.dropLast())) }
        #expect(throws: UndefinedStatistic.tooFew) { try Johansen(y: Self.y, x: Self.x.map { $0 - .infinity }) }
    }

    @Test("The golden pair equals statsmodels", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let test = try Johansen(y: golden.y, x: golden.x)
        for rank in 0...1 {
            #expect(abs(test.eigenvalues[rank] - golden.johansen01.eig[rank]) < 1e-8)
            #expect(abs(test.trace[rank].value - golden.johansen01.trace[rank]) < 1e-8)
            #expect(abs(test.maximumEigenvalue[rank].value - golden.johansen01.maxeig[rank]) < 1e-8)
            let critical = test.trace[rank].criticalValues
            #expect(
                [critical.tenPercent, critical.fivePercent, critical.onePercent] == golden.johansen01.traceCv[rank]
            )
        }
        let ratio = -golden.johansen01.evec0[1] / golden.johansen01.evec0[0]
        #expect(try abs(#require(test.hedgeRatio) - ratio) < 1e-8)
    }
}
