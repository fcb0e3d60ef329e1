import TestSupport
import Testing

@testable import PairStatistics

@Suite struct HostileInputTests {
    private static let special: [Double] = [
        0, -0.0, 1, -1, 11, 11.0000001, 1e308, -1e308, .leastNonzeroMagnitude, 1e-160, 1e160, .nan, .infinity,
        -.infinity,
    ]

    private func series(_ random: inout SeededRandom, _ count: Int) -> [Double] {
        let value = Self.special.randomElement(using: &random) ?? 0
        switch Int(6 * random.uniform()) {
        case 0: return (0..<count).map { _ in Self.special.randomElement(using: &random) ?? 0 }
        case 1: return Array(repeating: value, count: count)
        case 2: return (0..<count).map { _ in value * random.normal() }
        case 3: return (0..<count).map { 3 + 0.1 * Double($0) }
        case 4: return (0..<count).map { $0 == count / 2 ? value : 0.3 }
        default: return random.walk(count)
        }
    }

    /// Runs a formula; an error is a reason, and results must be finite.
    private func expectFinite(_ name: String, _ formula: () throws -> [Double]) {
        guard let values = try? formula() else { return }
        let isFinite = values.allSatisfy(\.isFinite)
        #expect(isFinite, "\(name): \(values)")
    }

    @Test("Any input gives finite numbers or a reason", arguments: 0..<300)
    func finiteOrReason(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = Int(70 * random.uniform())
        let x = series(&random, count)
        let y = random.uniform() < 0.7 ? series(&random, count) : x.map { 2 * $0 + 1 }
        let lag = [nil, -1, 0, 1, 3, 20, Int.max, Int.min].randomElement(using: &random) ?? nil
        let moments = PairMoments(x: x, y: y)
        for trend in TrendTerms.allCases {
            for selection in LagSelection.allCases {
                expectFinite("Dickey-Fuller") {
                    let test = try AugmentedDickeyFuller(x, trend: trend, lagSelection: selection, maximumLag: lag)
                    return [test.statistic, test.pValue]
                }
                expectFinite("Engle-Granger") {
                    let test = try EngleGranger(y: y, x: x, trend: trend, lagSelection: selection, maximumLag: lag)
                    return [test.statistic, test.pValue]
                }
            }
        }
        expectFinite("fit") {
            let fit = try LinearFit(moments)
            return [fit.slope, fit.intercept, fit.slopeStandardError, fit.rSquared, fit.residualStandardDeviation]
        }
        expectFinite("z") { [try LinearFit(moments).zScore(x: x[0], y: y[0])] }
        expectFinite("forecast z") { [try LinearFit(moments).forecastZScore(x: x[0], y: 1e300)] }
        expectFinite("correlation") { [try Correlation.pearson(moments)] }
        expectFinite("autoregression") {
            let autoregression = try Autoregression(x)
            return [autoregression.persistence, autoregression.persistenceStandardError]
        }
        expectFinite("least-squares half-life") {
            let halfLife = try Autoregression(x).halfLife()
            return [halfLife.bars, halfLife.standardError]
        }
        expectFinite("half-life") {
            let halfLife = try HalfLife(x)
            return [halfLife.bars, halfLife.lowerBars, halfLife.upperBars]
        }
        expectFinite("robust error") { [try RobustSlopeError(x: x, y: y).slopeStandardError] }
        expectFinite("KPSS") { [try KPSS(x, lags: lag).statistic, try KPSS(x, trend: .constantAndTrend).statistic] }
        expectFinite("variance ratio") { [try VarianceRatio(x, periods: lag ?? 2).statistic] }
        expectFinite("Newey-West") { [try NeweyWest(x: x, y: y, lags: lag).slopeStandardError] }
        expectFinite("total least squares") { [try TotalLeastSquares(moments).slope] }
        expectFinite("Huber") { [try HuberRegression(x: x, y: y).slope] }
        expectFinite("Theil-Sen") { [try TheilSen(x: x, y: y).slope] }
        expectFinite("moments") { [try SeriesMoments(x).mean, try SeriesMoments(x).standardDeviation] }
        expectFinite("Hayashi-Yoshida") {
            let ticks = [x, y].map { leg in
                leg.enumerated().map { TimedValue(time: Int64($0.offset * 7 % 50), value: $0.element) }
            }
            return [try HayashiYoshida(x: ticks[0], y: ticks[1]).correlation]
        }
        expectFinite("Kalman") {
            var filter = try KalmanHedgeRatio(startingFrom: LinearFit(moments), memory: 20)
            return zip(y, x).flatMap { x, y in
                filter.update(x: x, y: y).map { [$0.spread, $0.zScore, filter.slope] } ?? []
            }
        }
        expectFinite("rolling") {
            var window = RollingPairWindow(capacity: 1 + count / 3)
            for (x, y) in zip(x, y) { window.append(x: x, y: y) }
            let fit = try LinearFit(window.levels)
            let autoregression = try window.autoregression(of: fit)
            return [fit.slope, try MedianUnbiasedPersistence(autoregression, origin: .residual).persistence]
        }
    }
}
