import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct ScaleInvarianceTests {
    private static let scales = [1e-8, 1e-4, 3e-3, 1, 7, 1e4, 1e8]

    /// Prices about 1 whose bars move by a thousandth.
    private func prices(_ count: Int, seed: Int) -> (x: [Double], y: [Double]) {
        var random = SeededRandom(seed: seed)
        let x = random.walk(count).map { exp(1e-3 * $0) }
        let y = zip(x, random.autoregression(0.9, count: count)).map { 0.2 + 0.7 * $0 + 1e-3 * $1 }
        return (x, y)
    }

    private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-8) -> Bool {
        abs(a - b) <= tolerance * max(abs(a), abs(b), 1)
    }

    @Test("Slope, z-scores and correlations do not depend on the units of the prices", arguments: scales, scales)
    func window(scaleX: Double, scaleY: Double) throws {
        let (x, y) = prices(400, seed: 3)
        var (plain, scaled) = (RollingPairWindow(capacity: 120), RollingPairWindow(capacity: 120))
        for bar in x.indices {
            plain.append(x: x[bar], y: y[bar])
            scaled.append(x: scaleX * x[bar], y: scaleY * y[bar])
            guard bar >= 10, bar % 7 == 0 else { continue }
            let (one, other) = (try LinearFit(plain.levels), try LinearFit(scaled.levels))
            #expect(isClose(one.slope, other.slope * scaleX / scaleY))
            #expect(isClose(one.rSquared, other.rSquared))
            let here = (x: scaleX * x[bar], y: scaleY * y[bar])
            #expect(isClose(try one.zScore(x: x[bar], y: y[bar]), try other.zScore(x: here.x, y: here.y)))
            #expect(
                isClose(try one.forecastZScore(x: x[bar], y: y[bar]), try other.forecastZScore(x: here.x, y: here.y))
            )
            #expect(isClose(try Correlation.pearson(plain.levels), try Correlation.pearson(scaled.levels)))
            #expect(isClose(try Correlation.pearson(plain.returns), try Correlation.pearson(scaled.returns)))
            #expect(plain.hasFlatLeg == scaled.hasFlatLeg)
        }
    }

    @Test("A leg that repeats one price is flat at any price, also after another price has left", arguments: scales)
    func flat(scale: Double) {
        let (x, _) = prices(300, seed: 4)
        var window = RollingPairWindow(capacity: 60)
        for bar in x.indices {
            window.append(x: x[bar], y: scale * (bar < 30 ? 0.1 * Double(bar % 7) + 0.3 : 1.1))
            if bar >= 91 {
                #expect(window.levels.hasFlatLeg && window.returns.hasFlatLeg && window.hasStillLeg)
                #expect(window.returns(last: 20).hasFlatLeg)
            }
        }
    }

    @Test("A leg that rises by equal steps has flat changes despite rounding", arguments: scales)
    func ramp(scale: Double) {
        let (x, _) = prices(300, seed: 5)
        var window = RollingPairWindow(capacity: 60)
        for bar in x.indices {
            window.append(x: x[bar], y: scale * (1 + 1e-5 * Double(bar)))
            if bar >= 60 {
                #expect(!window.levels.hasFlatLeg)
                #expect(window.returns.hasFlatLeg && window.returns(last: 20).hasFlatLeg)
            }
        }
    }
}
