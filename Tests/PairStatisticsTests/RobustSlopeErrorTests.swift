import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct RobustSlopeErrorTests {
    private let frozen = FrozenPair.series

    @Test("The interval holds the true slope in about 95 %", arguments: [5.0, 20])
    func coverage(halfLife: Double) throws {
        let missed = try missed(halfLife: halfLife, bounce: 0)
        // 5.5 % and four standard errors of 1 point.
        #expect((7...48).contains(missed), "\(missed)")
    }

    @Test("Bid-ask bounce in both legs reduces that little")
    func coverageWithBounce() throws {
        let missed = try missed(halfLife: 20, bounce: 2)
        // At most 13 %, measured 9 % with a standard error of 1.3 points.
        #expect(missed <= 65, "\(missed)")
    }

    @Test("The slope between two random walks has a finite error whose interval contains the true slope")
    func walks() throws {
        var random = SeededRandom(seed: 60)
        var missed = 0
        for _ in 0..<300 {
            let x = random.walk(240)
            let y = zip(x, random.walk(240)).map { 0.7 * $0 + $1 }
            let error = try RobustSlopeError(x: x, y: y).slopeStandardError
            #expect(error.isFinite && error > 0)
            if abs(try LinearFit(PairMoments(x: x, y: y)).slope - 0.7) > 1.96 * error { missed += 1 }
        }
        // Measured 9 %, and five standard errors of 1.7 points.
        #expect(missed <= 52, "\(missed)")
    }

    @Test("Without autocorrelation it is the classical error, a little wider")
    func whiteNoise() throws {
        var random = SeededRandom(seed: 9)
        let x = random.walk(2000)
        let y = x.map { $0 + random.normal() }
        let robust = try RobustSlopeError(x: x, y: y)
        let classical = try LinearFit(PairMoments(x: x, y: y)).slopeStandardError
        #expect(abs(robust.slopeStandardError / classical - 1) < 0.1)
        #expect(robust.persistence < 0.1)
    }

    @Test("Bounce is found where it exists, and removed from the persistence")
    func bounce() throws {
        var random = SeededRandom(seed: 12)
        let clean = pair(halfLife: 20, bounce: 0, bars: 2000, &random)
        let bounced = pair(halfLife: 20, bounce: 2, bars: 2000, &random)
        let quiet = try RobustSlopeError(x: clean.x, y: clean.y)
        let noisy = try RobustSlopeError(x: bounced.x, y: bounced.y)
        #expect(quiet.attenuation == 0)
        #expect(noisy.attenuation > 0 && noisy.attenuation < 0.2)
        #expect(abs(quiet.persistence - 0.966) < 0.02)
        #expect(abs(noisy.persistence - 0.966) < 0.035)
    }

    @Test("It has the unit of the slope at any scale and level of the legs", arguments: [10.0, 1e6])
    func scale(factor: Double) throws {
        let base = try RobustSlopeError(x: frozen.x, y: frozen.y)
        let response = try RobustSlopeError(x: frozen.x, y: frozen.y.map { factor * ($0 - 7) })
        let regressor = try RobustSlopeError(x: frozen.x.map { factor * ($0 - 7) }, y: frozen.y)
        #expect(abs(response.slopeStandardError / (base.slopeStandardError * factor) - 1) < 1e-6)
        #expect(abs(regressor.slopeStandardError * factor / base.slopeStandardError - 1) < 1e-6)
        #expect(abs(regressor.persistence - base.persistence) < 1e-6)
    }

    @Test("There is no error without a fit")
    func undefined() {
        var random = SeededRandom(seed: 3)
        let x = random.walk(30)
        #expect(throws: UndefinedStatistic.tooFew) { try RobustSlopeError(x: [1, 2], y: [1, 3]) }
        #expect(throws: UndefinedStatistic.tooFew) { try RobustSlopeError(x: x, y: Array(x.dropLast())) }
        #expect(throws: UndefinedStatistic.tooFew) {
            try RobustSlopeError(x: Array(x.prefix(19)), y: random.walk(19))
        }
        #expect(throws: UndefinedStatistic.tooFew) { try RobustSlopeError(x: x.dropLast() + [.nan], y: x) }
        #expect(throws: UndefinedStatistic.flatLeg) { try RobustSlopeError(x: x.map { _ in 1 }, y: x) }
        #expect(throws: UndefinedStatistic.collinear) { try RobustSlopeError(x: x, y: x.map { 2 * $0 + 1 }) }
    }

    /// How many of 500 pairs of 240 bars have a true slope outside the interval.
    private func missed(halfLife: Double, bounce: Double) throws -> Int {
        var random = SeededRandom(seed: 2002)
        var missed = 0
        for _ in 0..<500 {
            let (x, y) = pair(halfLife: halfLife, bounce: bounce, bars: 240, &random)
            let slope = try LinearFit(PairMoments(x: x, y: y)).slope
            let error = try RobustSlopeError(x: x, y: y).slopeStandardError
            if abs(slope - 1) > 1.96 * error { missed += 1 }
        }
        return missed
    }

    /// Legs of slope 1 whose returns have about the correlation 0.7, each price `bounce` above or below.
    private func pair(
        halfLife: Double,
        bounce: Double,
        bars: Int,
        _ random: inout SeededRandom
    ) -> (x: [Double], y: [Double]) {
        let efficient = random.walk(bars)
        let spread = random.autoregression(exp2(-1 / halfLife), count: bars + 100).suffix(bars)
        func disturbed(_ price: Double) -> Double { price + (random.uniform() < 0.5 ? bounce : -bounce) }
        return (efficient.map(disturbed), zip(efficient, spread).map { disturbed($0 + $1) })
    }
}
