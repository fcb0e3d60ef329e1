import Foundation
import MarketData
import TestSupport

/// Both legs of one slot of a pair whose y is instrument 0 and x instrument 1.
struct MarketSlot: Hashable {
    var slot: Int64
    var y: Leg
    var x: Leg

    func bars(_ timeframe: Timeframe) -> [Bar] {
        [y.bar(0, timeframe, slot: slot), x.bar(1, timeframe, slot: slot)].compactMap(\.self)
    }

    /// A cointegrated market of adjacent slots: x walks, y follows with a hedge ratio of 0.8 and a reverting spread.
    ///
    /// - Parameter faults: how many of a hundred slots a leg loses, in each of the ways in which it can.
    static func random(
        _ count: Int,
        from first: Int64 = 1_000_000,
        faults: Int = 0,
        using generator: inout SeededRandom
    ) -> [MarketSlot] {
        var (level, spread) = (11.0, 0.0)
        var (lastY, lastX) = (0.0, 0.0)
        return (0..<count).map { offset in
            level += 2e-4 * noise(&generator)
            spread = 0.85 * spread + 1e-4 * noise(&generator)
            let y = leg(exp(1 + 0.8 * level + spread), last: &lastY, faults: faults, using: &generator)
            let x = leg(exp(level), last: &lastX, faults: faults, using: &generator)
            return MarketSlot(slot: first + Int64(offset), y: y, x: x)
        }
    }

    private static func leg(
        _ price: Double,
        last: inout Double,
        faults: Int,
        using generator: inout SeededRandom
    ) -> Leg {
        let draw = Int.random(in: 0..<100, using: &generator)
        if draw < faults { return .gap }
        if draw < 2 * faults { return .absent }
        if draw < 3 * faults, last > 0 { return .carried(last) }
        last = price
        return .traded(price)
    }

    /// About normal, mean 0, variance 1: the sum of twelve uniform draws (Irwin-Hall).
    private static func noise(_ generator: inout SeededRandom) -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }
}
