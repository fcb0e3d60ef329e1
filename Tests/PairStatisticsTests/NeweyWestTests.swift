import TestSupport
import Testing

@testable import PairStatistics

@Suite struct NeweyWestTests {
    private let frozen = FrozenPair.series

    @Test("The frozen pair equals statsmodels, with automatic and with seven lags")
    func frozenPair() throws {
        let automatic = try NeweyWest(x: frozen.x, y: frozen.y)
        #expect(automatic.lags == 4)
        #expect(abs(automatic.slopeStandardError / 0.04180581094286851 - 1) < 1e-9)
        let seven = try NeweyWest(x: frozen.x, y: frozen.y, lags: 7)
        #expect(abs(seven.slopeStandardError / 0.04385508838206125 - 1) < 1e-9)
    }

    @Test("With an autocorrelated spread it covers the truth where the classical error does not")
    func coverage() throws {
        var random = SeededRandom(seed: 8)
        var robust = 0
        var classical = 0
        for _ in 0..<200 {
            let x = random.autoregression(0.95, count: 500)
            let noise = random.autoregression(0.8, count: 500)
            let y = zip(x, noise).map { 2 * $0 + $1 }
            let fit = try LinearFit(PairMoments(x: x, y: y))
            let miss = abs(fit.slope - 2) / 1.96
            if miss < fit.slopeStandardError { classical += 1 }
            if miss < (try NeweyWest(x: x, y: y, lags: 25)).slopeStandardError { robust += 1 }
        }
        #expect(robust >= 160)
        #expect(classical <= 120)
    }

    @Test("There is no error without a fit or with more lags than the sample allows")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try NeweyWest(x: [1, 2], y: [1, 3]) }
        #expect(throws: UndefinedStatistic.tooFew) { try NeweyWest(x: [1, 2, 3], y: [1, 3]) }
        #expect(throws: UndefinedStatistic.flatLeg) { try NeweyWest(x: [1, 1, 1, 1], y: [1, 3, 2, 4]) }
        #expect(throws: UndefinedStatistic.invalidLag) { try NeweyWest(x: frozen.x, y: frozen.y, lags: -1) }
        #expect(throws: UndefinedStatistic.invalidLag) { try NeweyWest(x: frozen.x, y: frozen.y, lags: 160) }
    }
}
