import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct HalfLifeTests {
    @Test("The autoregression of the frozen pair's residual is that of statsmodels")
    func frozen() throws {
        let (x, y) = FrozenPair.series
        let fit = try LinearFit(PairMoments(x: x, y: y))
        let residuals = zip(x, y).map { fit.residual(x: $0, y: $1) }
        let autoregression = try Autoregression(residuals)
        let leastSquares = try autoregression.halfLife()
        #expect(abs(leastSquares.bars - 2.910951197350011) < 1e-10)
        #expect(abs(leastSquares.standardError - 0.7619329607213106) < 1e-10)
        let halfLife = try HalfLife(residuals)
        #expect(halfLife.leastSquaresPersistence == autoregression.persistence)
        #expect(halfLife.bars > leastSquares.bars)
        #expect(halfLife.lowerBars < halfLife.bars && halfLife.bars < halfLife.upperBars)
        #expect(abs(halfLife.bars + log(2) / log(halfLife.persistence)) < 1e-9)
    }

    @Test("Over a window it is that of the residuals of its valid slots")
    func overWindow() throws {
        let (x, y) = FrozenPair.series
        var window = RollingPairWindow(capacity: x.count)
        for (x, y) in zip(x, y) { window.append(x: x, y: y) }
        let fit = try LinearFit(window.levels)
        let residuals = zip(x, y).map { fit.residual(x: $0, y: $1) }
        let rolling = try window.autoregression(of: fit)
        let pairs = try [
            (MedianUnbiasedPersistence(rolling, origin: .residual).halfLife, HalfLife(residuals).bars),
            (rolling.halfLife().bars, Autoregression(residuals).halfLife().bars),
            (rolling.persistenceStandardError, Autoregression(residuals).persistenceStandardError),
        ]
        for (rolling, direct) in pairs { #expect(abs(rolling / direct - 1) < 1e-9) }
    }

    @Test("One lost bar costs two steps, not the half-life")
    func overGap() throws {
        var random = SeededRandom(seed: 11)
        let spread = random.autoregression(0.8, count: 2000)
        var window = RollingPairWindow(capacity: 2000)
        for (bar, value) in spread.enumerated() {
            let x = 10 + sin(Double(bar))
            if bar == 700 { window.appendGap() } else { window.append(x: x, y: x + value) }
        }
        let fit = try LinearFit(window.levels)
        let autoregression = try window.autoregression(of: fit)
        #expect(autoregression.steps == 1997)
        let persistence = try MedianUnbiasedPersistence(autoregression, origin: .residual)
        #expect(persistence.lower < 0.8 && 0.8 < persistence.upper)
    }

    @Test("A known autoregression is found within three standard errors", arguments: [0.5, 0.9, 0.98])
    func knownProcess(phi: Double) throws {
        var random = SeededRandom(seed: 5)
        let series = random.autoregression(phi, count: 20_000)
        let leastSquares = try Autoregression(series).halfLife()
        #expect(abs(leastSquares.bars + log(2) / log(phi)) < 3 * leastSquares.standardError)
        // Far above the longest row of the table the interval is that of the normal law.
        let halfLife = try HalfLife(series, origin: .series)
        #expect(abs(halfLife.bars / leastSquares.bars - 1) < 0.05)
        #expect(abs((halfLife.upperBars - halfLife.lowerBars) / (2 * 1.645 * leastSquares.standardError) - 1) < 0.1)
    }

    @Test(
        "Of cointegrated pairs it is above the truth as often as below, and its interval holds the truth in 90 %",
        arguments: [(bars: 60, halfLife: 3.0), (bars: 240, halfLife: 5.0), (bars: 240, halfLife: 20.0)]
    )
    func medianAndCoverage(bars: Int, halfLife: Double) throws {
        let pairs = 500
        var random = SeededRandom(seed: 1993)
        let truth = exp2(-1 / halfLife)
        var (above, covered) = (0, 0)
        for _ in 0..<pairs {
            let unbiased = try MedianUnbiasedPersistence(
                Autoregression(Self.residuals(truth, bars, &random)),
                origin: .residual
            )
            if unbiased.persistence > truth { above += 1 }
            if unbiased.lower <= truth, truth <= unbiased.upper { covered += 1 }
        }
        // Four standard errors: 2.2 and 1.3 points.
        #expect((205...295).contains(above), "\(above)")
        #expect((423...477).contains(covered), "\(covered)")
    }

    @Test("An observed series is corrected for its mean only, a residual for its slope too")
    func origins() throws {
        var random = SeededRandom(seed: 31)
        let autoregression = try Autoregression(random.autoregression(0.9, count: 240))
        let series = try MedianUnbiasedPersistence(autoregression, origin: .series)
        let residual = try MedianUnbiasedPersistence(autoregression, origin: .residual)
        #expect(autoregression.persistence < series.persistence)
        #expect(series.persistence < residual.persistence)
    }

    @Test("Random walks have no half-life in 95 %")
    func walks() throws {
        let pairs = 400
        var random = SeededRandom(seed: 77)
        var absent = 0
        for _ in 0..<pairs {
            let residuals = try Self.residuals(1, 240, &random)
            do { _ = try HalfLife(residuals) } catch UndefinedStatistic.notReverting { absent += 1 }
        }
        // Four standard errors: 1.1 points.
        #expect((362...397).contains(absent), "\(absent)")
    }

    @Test("It grows with the persistence that is estimated, for every length")
    func monotonic() throws {
        for count in [20, 21, 59, 240, 700, 3000] {
            var random = SeededRandom(seed: count)
            let noise = random.autoregression(0, count: count)
            var previous = -1.0
            for step in 0...40 {
                var value = 0.0
                let phi = Double(step) / 40
                let series = noise.map { innovation in
                    value = phi * value + innovation
                    return value
                }
                let autoregression = try Autoregression(series)
                guard autoregression.persistence > previous else { continue }
                previous = autoregression.persistence
                let unbiased = try MedianUnbiasedPersistence(autoregression, origin: .residual)
                #expect(unbiased.lower <= unbiased.persistence && unbiased.persistence <= unbiased.upper)
                #expect(unbiased.persistence >= min(1, max(0, autoregression.persistence)))
                #expect((0...1).contains(unbiased.lower) && (0...1).contains(unbiased.upper))
            }
        }
    }

    @Test("A series that does not revert, or reverts within one bar, has a reason instead of a half-life")
    func noHalfLife() {
        let explosive = (0..<50).map { pow(1.1, Double($0)) }
        let alternating = (0..<50).map { $0.isMultiple(of: 2) ? 1.0 : -1.0 }
        let line = (0..<50).map(Double.init)
        #expect(throws: UndefinedStatistic.notReverting) { try HalfLife(explosive) }
        #expect(throws: UndefinedStatistic.notReverting) { try HalfLife(line) }
        #expect(throws: UndefinedStatistic.fasterThanBar) { try HalfLife(alternating) }
        #expect(throws: UndefinedStatistic.notReverting) { try Autoregression(explosive).halfLife() }
        #expect(throws: UndefinedStatistic.notReverting) { try Autoregression(line).halfLife() }
        #expect(throws: UndefinedStatistic.fasterThanBar) { try Autoregression(alternating).halfLife() }
    }

    @Test("Short, constant and not finite series have no half-life")
    func undefined() {
        var random = SeededRandom(seed: 2)
        let noise = random.autoregression(0.5, count: 20)
        #expect(throws: UndefinedStatistic.tooFew) { try HalfLife(Array(noise.dropLast())) }
        #expect(throws: UndefinedStatistic.tooFew) { try HalfLife(noise + [.nan]) }
        #expect(throws: UndefinedStatistic.constant) { try HalfLife(Array(repeating: 5.1, count: 30)) }
        #expect(throws: UndefinedStatistic.tooFew) { try Autoregression([1, 2, 1]) }
        #expect(throws: UndefinedStatistic.tooFew) { try Autoregression([1, 2, .nan, 1, 2]) }
        #expect(throws: UndefinedStatistic.constant) { try Autoregression([5.1, 5.1, 5.1, 5.1, 5.1]) }
    }

    @Test("The golden pair's spread has the golden least-squares half-life", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let fit = try LinearFit(PairMoments(x: golden.x, y: golden.y))
        let halfLife = try Autoregression(zip(golden.x, golden.y).map { fit.residual(x: $0, y: $1) }).halfLife()
        #expect(abs(halfLife.bars / golden.halflife.hlExact - 1) < 1e-9)
    }

    /// The residual of a regression of x + spread on a random walk x, the spread from its stationary law.
    private static func residuals(_ phi: Double, _ count: Int, _ random: inout SeededRandom) throws -> [Double] {
        let x = random.walk(count)
        var value = phi < 1 ? random.normal() / (1 - phi * phi).squareRoot() : 0
        let y = x.map { x in
            value = phi * value + random.normal()
            return x + value
        }
        let fit = try LinearFit(PairMoments(x: x, y: y))
        return zip(x, y).map { fit.residual(x: $0, y: $1) }
    }
}
