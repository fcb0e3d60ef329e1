import TestSupport
import Testing

@testable import PairStatistics

@Suite struct LinearFitTests {
    private let frozen = FrozenPair.series

    @Test("The frozen pair to the digits of a 40-digit solution")
    func frozenFit() throws {
        let fit = try LinearFit(PairMoments(x: frozen.x, y: frozen.y))
        #expect(correctDigits(fit.slope, 1.6556563658683935) >= 14)
        #expect(correctDigits(fit.intercept, 0.38126577529323993) >= 13)
        #expect(correctDigits(fit.slopeStandardError, 0.03422932034039946) >= 13)
        #expect(correctDigits(fit.residualStandardDeviation, 0.0043345258101524217) >= 13)
        #expect(correctDigits(fit.residualVariance * 158 / 159, 0.0043345258101524217 * 0.0043345258101524217) >= 13)
        #expect(correctDigits(fit.rSquared, 0.9367395756419572) >= 14)
        #expect(fit.observations == 160)
    }

    @Test("Spread, in-sample and forecast z of the frozen pair likewise")
    func frozenScores() throws {
        let (x, y) = (try #require(frozen.x.last), try #require(frozen.y.last))
        let fit = try LinearFit(PairMoments(x: frozen.x, y: frozen.y))
        #expect(abs(fit.residual(x: x, y: y) - 0.00011884082803913481) < 1e-15)
        #expect(abs(try fit.zScore(x: x, y: y) - 0.02741726159774691) < 1e-12)
        let earlier = try LinearFit(PairMoments(x: frozen.x.dropLast(), y: frozen.y.dropLast()))
        #expect(abs(try earlier.forecastZScore(x: x, y: y) - 0.027557571834113424) < 1e-12)
    }

    @Test("The correlation is that of the moments at any scale", arguments: [1, -1, 1e150, 1e-5])
    func correlation(scale: Double) throws {
        let moments = PairMoments(count: 4, meanX: 0, meanY: 0, sumXX: 4, sumYY: 9 * scale * scale, sumXY: 3 * scale)
        #expect(abs(try LinearFit(moments).correlation - Correlation.pearson(moments)) <= 1e-15)
    }

    @Test("No unit is too small for the slope, z and correlation", arguments: [1e3, 1e40, 1e60, 1e80, 1e150])
    func unit(scale: Double) throws {
        let (x, y) = ([1.0, 2, 4, 5, 7], [1.0, 3, 2, 6, 5])
        let fit = try LinearFit(PairMoments(x: x, y: y))
        let scaled = try LinearFit(PairMoments(x: x.map { $0 * scale }, y: y.map { $0 * scale }))
        #expect(abs(scaled.slope - fit.slope) <= 1e-14)
        #expect(abs(scaled.correlation - fit.correlation) <= 1e-14)
        #expect(abs(try scaled.zScore(x: 7 * scale, y: 5 * scale) - fit.zScore(x: 7, y: 5)) <= 1e-14)
    }

    @Test("Fewer than three pairs, or any that is not finite, are too few")
    func tooFew() {
        #expect(throws: UndefinedStatistic.tooFew) { try LinearFit(PairMoments(x: [1, 2], y: [1, 3])) }
        #expect(throws: UndefinedStatistic.tooFew) { try LinearFit(PairMoments(x: [1, 2, .nan], y: [1, 3, 4])) }
        #expect(throws: UndefinedStatistic.tooFew) { try LinearFit(PairMoments(x: [1, 2, 4], y: [1, .infinity, 4])) }
        #expect(throws: UndefinedStatistic.tooFew) {
            try LinearFit(PairMoments(x: [1e200, -1e200, 0], y: [1e200, 1e200, 0]))
        }
    }

    @Test("A flat leg on either side has no fit")
    func flatLeg() {
        let (moving, flat) = ([1.0, 2, 3, 5], [7.0, 7, 7, 7])
        #expect(throws: UndefinedStatistic.flatLeg) { try LinearFit(PairMoments(x: flat, y: moving)) }
        #expect(throws: UndefinedStatistic.flatLeg) { try LinearFit(PairMoments(x: moving, y: flat)) }
    }

    @Test("A perfect line has a slope and no z", arguments: [0.0, 1e-4])
    func collinear(noise: Double) throws {
        let x = (0..<100).map(Double.init)
        let y = x.map { 3 + 2 * $0 + noise * ($0.truncatingRemainder(dividingBy: 3) - 1) }
        let fit = try LinearFit(PairMoments(x: x, y: y))
        #expect(abs(fit.slope - 2) < 1e-5)
        #expect(fit.isCollinear)
        #expect(throws: UndefinedStatistic.collinear) { try fit.zScore(x: 1, y: 5) }
        #expect(throws: UndefinedStatistic.collinear) { try fit.forecastZScore(x: 1, y: 5) }
    }

    @Test("Just below R² = 1 - 1.5e-6 there is a z")
    func nearlyCollinear() throws {
        let x = (0..<300).map(Double.init)
        let y = x.map { 3 + 2 * $0 + 0.35 * ($0.truncatingRemainder(dividingBy: 3) - 1) }
        let fit = try LinearFit(PairMoments(x: x, y: y))
        #expect(fit.rSquared > 0.99999)
        #expect(try fit.zScore(x: 0, y: 3).isFinite)
    }

    @Test("The in-sample z is bounded by (n-1)/√n however far the outlier")
    func boundedScore() throws {
        let x = (0..<10).map(Double.init)
        var y = x.map { $0.truncatingRemainder(dividingBy: 2) }
        y[4] = 1e9
        let fit = try LinearFit(PairMoments(x: x, y: y))
        #expect(try fit.zScore(x: 4, y: 1e9) <= 9 / 10.0.squareRoot())
    }

    @Test("A z of a value that is not finite is undefined")
    func notFinite() throws {
        let fit = try LinearFit(PairMoments(x: frozen.x, y: frozen.y))
        #expect(throws: UndefinedStatistic.tooFew) { try fit.zScore(x: .nan, y: 1) }
        #expect(throws: UndefinedStatistic.tooFew) { try fit.forecastZScore(x: 1, y: .infinity) }
    }

    @Test("Norris: NIST's certified digits, at least ten", .enabled(if: SharedData.exists(CertifiedData.folder)))
    func norris() throws {
        let data = try CertifiedData("Norris")
        let fit = try LinearFit(PairMoments(x: data.columns[1], y: data.columns[0]))
        #expect(correctDigits(fit.intercept, data.coefficients[0].estimate) >= 10)
        #expect(correctDigits(fit.slope, data.coefficients[1].estimate) >= 10)
        #expect(correctDigits(fit.slopeStandardError, data.coefficients[1].standardError) >= 10)
        #expect(correctDigits(fit.rSquared, try #require(data.rSquared)) >= 10)
    }

    @Test("The golden pair equals statsmodels", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let fit = try LinearFit(PairMoments(x: golden.x, y: golden.y))
        #expect(abs(fit.slope / golden.ols.beta - 1) < 1e-10)
        #expect(abs(fit.intercept / golden.ols.alpha - 1) < 1e-10)
        #expect(abs(fit.slopeStandardError / golden.ols.seBeta - 1) < 1e-9)
        #expect(abs(fit.rSquared - golden.ols.r2) < 1e-12)
    }
}
