import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct DecouplingTests {
    private typealias Legs = (x: [Double], y: [Double])

    private func window(_ legs: Legs, capacity: Int) -> RollingPairWindow {
        var window = RollingPairWindow(capacity: capacity)
        for bar in legs.x.indices { window.append(x: legs.x[bar], y: legs.y[bar]) }
        return window
    }

    /// Two walks, the second of which is independent of the first from a bar on and keeps its width.
    private func walks(bars: Int, apartFrom change: Int, slope: Double = 2, rest: Double = 1, seed: UInt64) -> Legs {
        var random = SeededRandom(seed: seed)
        var legs: Legs = ([], [])
        var (x, y) = (100.0, 300.0)
        for bar in 0..<bars {
            let (step, other, own) = (random.normal(), random.normal(), random.normal())
            x += step
            y += slope * (bar < change ? step : other) + rest * own
            legs.x.append(x)
            legs.y.append(y)
        }
        return legs
    }

    /// The smaller log likelihood ratio by its definition.
    private func definition(_ legs: Legs, capacity: Int, last count: Int) -> Double {
        let steps = [legs.x, legs.y].map { leg in
            Array(zip(leg.dropFirst(), leg).map { $0 - $1 }.suffix(capacity - 1))
        }
        func ratio(of leg: [Double], by other: [Double]) -> Double {
            let ends = (usual: leg.count - count, before: leg.count - 2 * count)
            let moments = PairMoments(x: Array(other[..<ends.usual]), y: Array(leg[..<ends.usual]))
            let slope = moments.sumXY / moments.sumXX
            let rests = zip(leg, other).map { $0 - slope * $1 }
            func logLikelihood(_ values: [Double]) -> Double {
                func scale(_ range: Range<Int>) -> Double {
                    let mean = values[range].reduce(0, +) / Double(range.count)
                    return values[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(2 * (range.count - 1))
                }
                let recent = values[ends.usual...]
                var own = recent.reduce(0) { $0 + $1 * $1 } / Double(2 * count)
                for _ in 0..<5 { own = recent.reduce(0) { $0 + 5 * $1 * $1 / (4 + $1 * $1 / own) } / Double(count) }
                func density(_ scale: Double) -> Double {
                    recent.reduce(0) { $0 - 2.5 * log(1 + $1 * $1 / (4 * scale)) - log(scale) / 2 }
                }
                return 0.25 * density(scale(0..<ends.usual)) + 0.25 * density(scale(ends.before..<ends.usual))
                    + 0.5 * density(own)
            }
            return logLikelihood(leg) - logLikelihood(rests)
        }
        return min(ratio(of: steps[1], by: steps[0]), ratio(of: steps[0], by: steps[1]))
    }

    @Test("Equal to its definition, together and apart", arguments: [300, 280, 290], [20, 21, 5])
    func definition(change: Int, count: Int) throws {
        let legs = walks(bars: 300, apartFrom: change, seed: 31)
        let found = try #require(window(legs, capacity: 200).decoupling(last: count, atLeast: count))
        #expect(abs(found - definition(legs, capacity: 200, last: count)) < 1e-9)
    }

    @Test("The same for both orders of the legs, all units and both signs of their correlation")
    func invariance() throws {
        let legs = walks(bars: 260, apartFrom: 240, seed: 5)
        let found = try #require(window(legs, capacity: 240).decoupling(last: 20, atLeast: 20))
        for other in [
            (legs.y, legs.x), (legs.x.map { $0 * 1e-6 }, legs.y), (legs.x.map { -$0 }, legs.y.map { 7 * $0 - 100 }),
        ] {
            let same = try #require(window(other, capacity: 240).decoupling(last: 20, atLeast: 20))
            #expect(abs(same - found) < 1e-6)
        }
    }

    @Test("Legs that become independent are distinguished from a spread that becomes wide")
    func wideSpread() throws {
        var apart = 0
        var wide = 0
        for seed in 0..<20 as Range<UInt64> {
            let decoupled = window(walks(bars: 260, apartFrom: 240, seed: seed), capacity: 240)
            // The spread's innovations grow by half every 20 bars.
            var legs = walks(bars: 260, apartFrom: 260, seed: seed)
            var random = SeededRandom(seed: 900 + seed)
            var offset = 0.0
            for bar in 200..<260 {
                offset += 3 * pow(1.5, Double(bar - 240) / 20) * random.normal()
                legs.y[bar] += offset
            }
            if try #require(decoupled.decoupling(last: 20, atLeast: 20)) > 5 { apart += 1 }
            if try #require(window(legs, capacity: 240).decoupling(last: 20, atLeast: 20)) > 5 { wide += 1 }
        }
        #expect(apart >= 14)
        #expect(wide <= 2)
    }

    @Test("Gaps are left out; too few changes or a leg that did not move give nothing")
    func gaps() throws {
        var legs = walks(bars: 200, apartFrom: 200, seed: 9)
        #expect(window(legs, capacity: 100).decoupling(last: 20, atLeast: 21) == nil)
        #expect(window(legs, capacity: 20).decoupling(last: 20, atLeast: 1) == nil)
        legs.x[190] = .nan
        #expect(window(legs, capacity: 100).decoupling(last: 20, atLeast: 19) == nil)
        #expect(try #require(window(legs, capacity: 100).decoupling(last: 20, atLeast: 18)) < 0)
        let still = Array(repeating: 5.0, count: 200)
        #expect(window((legs.y, still), capacity: 100).decoupling(last: 20, atLeast: 16) == nil)
        // A leg without changes is finite evidence.
        let stopped = legs.y.enumerated().map { $0 < 180 ? $1 : legs.y[180] }
        #expect(try #require(window((legs.x, stopped), capacity: 100).decoupling(last: 18, atLeast: 10)).isFinite)
    }
}
