import Foundation
import MarketData
import PairStatistics
import TestSupport
import Testing

@testable import PairEngine

@Suite struct ScaleInvarianceTests {
    /// Runs the same market with its prices in other units.
    private func run(scaleY: Double, scaleX: Double) throws -> PairRun {
        var generator = SeededRandom(seed: 41)
        var run = try PairRun(windows: [60], price: .level)
        for slot in MarketSlot.random(200, using: &generator) {
            guard let y = slot.y.price, let x = slot.x.price else { continue }
            // Both legs about 1 before they are scaled.
            let prices = (y: scaleY * y * exp(-9.8), x: scaleX * x * exp(-11))
            run.close(MarketSlot(slot: slot.slot, y: .traded(prices.y), x: .traded(prices.x)))
        }
        return run
    }

    @Test(
        "With price: level, readings do not depend on the units of the prices",
        arguments: [1e-8, 1e-4, 1, 1e4, 1e8],
        [1e-8, 1e-4, 1, 1e4, 1e8]
    )
    func scales(scaleY: Double, scaleX: Double) throws {
        let plain = try run(scaleY: 1, scaleX: 1).reading
        let scaled = try run(scaleY: scaleY, scaleX: scaleX).reading
        func expectEqual(_ a: Measured<Double>, _ b: Measured<Double>, _ name: Comment) throws {
            let (a, b) = (try a.get(), try b.get())
            #expect(abs(a - b) <= 1e-8 * max(abs(a), 1), name)
        }
        let slopes = (try plain.fit.get().slope, try scaled.fit.get().slope * scaleX / scaleY)
        #expect(abs(slopes.0 - slopes.1) <= 1e-8 * abs(slopes.0))
        try expectEqual(plain.zScore, scaled.zScore, "z-score")
        try expectEqual(plain.forecastZScore, scaled.forecastZScore, "forecast z-score")
        try expectEqual(plain.returnCorrelation, scaled.returnCorrelation, "return correlation")
        try expectEqual(plain.levelCorrelation, scaled.levelCorrelation, "level correlation")
        try expectEqual(plain.volatilityRatio, scaled.volatilityRatio, "volatility ratio")
        #expect(plain.signals.active == scaled.signals.active)
    }
}
