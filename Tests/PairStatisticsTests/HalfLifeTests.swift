import Foundation
import PairStatistics
import TestSupport
import Testing

@Suite struct HalfLifeTests {
    @Test("The residual of the frozen pair reverts as statsmodels says")
    func frozen() throws {
        let (x, y) = FrozenPair.series
        let fit = try LinearFit(PairMoments(x: x, y: y))
        let halfLife = try HalfLife(zip(x, y).map { fit.residual(x: $0, y: $1) })
        #expect(abs(halfLife.bars - 2.910951197350011) < 1e-10)
        #expect(abs(halfLife.standardError - 0.7619329607213106) < 1e-10)
    }

    @Test("Over a window it is that of the residuals of its valid slots")
    func overWindow() throws {
        let (x, y) = FrozenPair.series
        var window = RollingPairWindow(capacity: x.count)
        for (x, y) in zip(x, y) { window.append(x: x, y: y) }
        let fit = try LinearFit(window.levels)
        let direct = try HalfLife(zip(x, y).map { fit.residual(x: $0, y: $1) })
        let rolling = try HalfLife(of: fit, over: window)
        #expect(abs(rolling.bars / direct.bars - 1) < 1e-12)
        #expect(abs(rolling.standardError / direct.standardError - 1) < 1e-12)
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
        let halfLife = try HalfLife(of: LinearFit(window.levels), over: window)
        #expect(abs(halfLife.bars - 3.106) < 3 * halfLife.standardError)
    }

    @Test("A known autoregression is found within three standard errors", arguments: [0.5, 0.9, 0.98])
    func knownProcess(phi: Double) throws {
        var random = SeededRandom(seed: 5)
        let halfLife = try HalfLife(random.autoregression(phi, count: 20_000))
        #expect(abs(halfLife.bars + log(2) / log(phi)) < 3 * halfLife.standardError)
    }

    @Test("What does not revert has no half-life")
    func notReverting() {
        let explosive = (0..<50).map { pow(1.1, Double($0)) }
        let alternating = (0..<50).map { $0.isMultiple(of: 2) ? 1.0 : -1.0 }
        #expect(throws: UndefinedStatistic.notReverting) { try HalfLife(explosive) }
        #expect(throws: UndefinedStatistic.notReverting) { try HalfLife(alternating) }
        #expect(throws: UndefinedStatistic.notReverting) { try HalfLife((0..<50).map(Double.init)) }
    }

    @Test("Short, constant and not finite series have no half-life")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try HalfLife([1, 2, 1]) }
        #expect(throws: UndefinedStatistic.tooFew) { try HalfLife([1, 2, .nan, 1, 2]) }
        #expect(throws: UndefinedStatistic.constant) { try HalfLife([5.1, 5.1, 5.1, 5.1, 5.1]) }
    }

    @Test("The golden pair's spread has the golden half-life", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let fit = try LinearFit(PairMoments(x: golden.x, y: golden.y))
        let halfLife = try HalfLife(zip(golden.x, golden.y).map { fit.residual(x: $0, y: $1) })
        #expect(abs(halfLife.bars / golden.halflife.hlExact - 1) < 1e-9)
    }
}
