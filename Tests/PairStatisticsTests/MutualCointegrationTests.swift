import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct MutualCointegrationTests {
    /// Walks whose changes have a correlation.
    private static func walks(_ count: Int, correlation: Double, seed: Int) -> (y: [Double], x: [Double]) {
        var random = SeededRandom(seed: seed)
        let (x, own) = (random.walk(count), random.walk(count))
        let rest = (1 - correlation * correlation).squareRoot()
        return (zip(x, own).map { correlation * $0 + rest * $1 }, x)
    }

    @Test("The weaker direction has the larger p-value of both")
    func weaker() throws {
        let (x, y) = FrozenPair.series
        let test = try MutualCointegration(y: y, x: x)
        #expect(test.yOnX == (try EngleGranger(y: y, x: x)))
        #expect(test.xOnY == (try EngleGranger(y: x, x: y)))
        #expect(test.weaker.pValue == max(test.yOnX.pValue, test.xOnY.pValue))
        #expect(try MutualCointegration(y: x, x: y).weaker == test.weaker)
        #expect(try MutualCointegration(y: x, x: y).finiteSamplePValue == test.finiteSamplePValue)
    }

    @Test(
        "A residual that follows its own past exactly has no statistic, no draws and no p-value",
        arguments: [0, 5e4]
    )
    func exact(level: Double) throws {
        let y = (0..<60).map { level + 8 * pow(0.8, Double($0)) }
        let x = (0..<60).map { level + 8 * pow(0.5, Double($0)) }
        #expect(throws: UndefinedStatistic.collinear) { try MutualCointegration(y: y, x: x) }
        #expect(throws: UndefinedStatistic.collinear) { try WildBootstrap(y: y, x: x, draws: 99, seed: 1) }
        var kernel = try MutualStatistic(count: 60)
        let changes = [y, x].map { zip($0.dropFirst(), $0).map { $0 - $1 } }
        let statistic = kernel.larger(changesOfY: changes[0], x: changes[1])
        #expect(statistic == nil)
    }

    @Test("A spread that moves early only has the statistic without lags")
    func early() throws {
        var random = SeededRandom(seed: 5)
        let walks = (y: random.walk(8), x: random.walk(8))
        let still = [Double](repeating: 0, count: 40)
        let y = walks.y + still.map { _ in walks.y[7] }
        let x = walks.x + still.map { _ in walks.x[7] }
        let test = try MutualCointegration(y: y, x: x)
        #expect(test.yOnX.lags == 0)
        #expect(test.xOnY.lags == 0)
        var kernel = try MutualStatistic(count: 48)
        let changes = [y, x].map { zip($0.dropFirst(), $0).map { $0 - $1 } }
        let statistic = kernel.larger(changesOfY: changes[0], x: changes[1])
        let larger = try #require(statistic)
        #expect(abs(larger - max(test.yOnX.statistic, test.xOnY.statistic)) < 1e-9)
    }

    @Test("Two unrelated walks are rejected in 5 % of the windows", arguments: [0, 0.7, 0.95])
    func size(correlation: Double) throws {
        var rejections = 0
        for seed in 0..<200 {
            let (y, x) = Self.walks(120, correlation: correlation, seed: 7000 + seed)
            if try MutualCointegration(y: y, x: x).finiteSamplePValue < 0.05 { rejections += 1 }
        }
        // 10 expected, standard deviation 3.1.
        #expect((1...21).contains(rejections))
    }

    @Test("A leg that reverts by itself rejects in one direction, and the weaker one does not")
    func reverting() throws {
        var counts = (one: 0, both: 0)
        for seed in 0..<40 {
            var random = SeededRandom(seed: 300 + seed)
            let y = random.autoregression(0.87, count: 240)
            let test = try MutualCointegration(y: y, x: random.walk(240))
            if min(test.yOnX.pValue, test.xOnY.pValue) < 0.05 { counts.one += 1 }
            if test.finiteSamplePValue < 0.05 { counts.both += 1 }
        }
        #expect(counts.one > 30)
        #expect(counts.both < 11)
    }

    @Test("p falls with the statistic, for every length and correlation", arguments: [10, 22, 64, 240, 5000])
    func monotone(count: Int) {
        for correlation in [-1, -0.8, 0, 0.4, 0.97, 1] {
            let null = CointegrationNull(count: count, correlation: correlation)
            let probits = stride(from: -12, through: 3, by: 0.05).map { null.probit($0) }
            #expect(zip(probits, probits.dropFirst()).allSatisfy { $0 < $1 })
            #expect(null == CointegrationNull(count: count, correlation: -correlation))
        }
    }

    @Test(
        "Long series with a correlation of 1 have MacKinnon's asymptotic p-values",
        arguments: [-4.5, -3.9, -3.34, -3.04]
    )
    func asymptotic(statistic: Double) {
        let probit = CointegrationNull(count: 1_000_000, correlation: 1).probit(statistic)
        let asymptotic = MacKinnonSurface.ofResidual(.constant).pValue(statistic)
        #expect(abs(Normal.cumulative(probit) - asymptotic) < 0.1 * asymptotic + 0.0002)
    }

    @Test("Degenerate legs have a reason instead of a number")
    func undefined() {
        let (x, y) = FrozenPair.series
        let flat = [Double](repeating: 3, count: x.count)
        #expect(throws: UndefinedStatistic.flatLeg) { try MutualCointegration(y: flat, x: x) }
        #expect(throws: UndefinedStatistic.collinear) { try MutualCointegration(y: x, x: x) }
        #expect(throws: UndefinedStatistic.tooFew) { try MutualCointegration(y: y, x: Array(x.dropLast())) }
    }

    @Test("The statistic of many pairs equals the one of the test", arguments: [21, 22, 33, 240, 1000])
    func manyPairs(count: Int) throws {
        var kernel = try MutualStatistic(count: count)
        for seed in 0..<20 {
            let (y, x) = Self.walks(count, correlation: 0.6, seed: seed)
            let changes = [y, x].map { leg in zip(leg.dropFirst(), leg).map { $0 - $1 } }
            let test = try MutualCointegration(y: y, x: x)
            let larger = kernel.larger(changesOfY: changes[0], x: changes[1])
            let statistic = try #require(larger)
            #expect(abs(statistic - test.weaker.statistic) < 1e-7 * max(1, abs(test.weaker.statistic)))
            let oneDirection = kernel.oneDirection(changesOfY: changes[0], x: changes[1])
            let first = try #require(oneDirection)
            #expect(abs(first - test.yOnX.statistic) < 1e-7 * max(1, abs(first)))
        }
    }

    @Test("Storage refuses lengths and lags without a degree of freedom")
    func refusal() throws {
        #expect(throws: UndefinedStatistic.tooFew) { try MutualStatistic(count: 20) }
        #expect(throws: UndefinedStatistic.invalidLag) { try MutualStatistic(count: 240, minimumLag: -1) }
        #expect(throws: UndefinedStatistic.invalidLag) { try MutualStatistic(count: 240, minimumLag: 17) }
        var kernel = try MutualStatistic(count: 30)
        let short = kernel.larger(changesOfY: [1, 2], x: [2, 1])
        #expect(short == nil)
        let zeros = [Double](repeating: 0, count: 29)
        let flat = kernel.larger(changesOfY: zeros, x: zeros)
        #expect(flat == nil)
    }

    @Test("Probits invert the normal distribution", arguments: [1e-300, 1e-12, 1e-5, 0.02, 0.3, 0.5, 0.8, 0.999])
    func quantile(p: Double) {
        #expect(abs(Normal.cumulative(Normal.quantile(p)) / p - 1) < 1e-11)
        #expect(Normal.quantile(0) == -.infinity)
        #expect(Normal.quantile(1) == .infinity)
    }
}
