import TestSupport
import Testing

@testable import PairStatistics

@Suite struct RollingHayashiYoshidaTests {
    private static let blockLength: Int64 = 10
    private static let horizon: Int64 = 90

    private struct Leg {
        /// Ticks per unit of time.
        let rate: Double
        var series: TickSeries
        /// Everything that came, in its order.
        var all: [TimedValue] = []

        init(rate: Double, interval: Int64 = 1) {
            self.rate = rate
            series = TickSeries(blockLength: RollingHayashiYoshidaTests.blockLength, interval: interval)
        }

        mutating func append(_ tick: TimedValue) {
            series.append(tick)
            all.append(tick)
        }
    }

    private func scale(of estimate: HayashiYoshida) -> Double {
        abs(estimate.covariance / estimate.correlation)
    }

    /// Compares with the estimate from scratch; both may also refuse for the same reason.
    private func expectEqual(
        _ rolling: inout RollingHayashiYoshida,
        _ x: Leg,
        _ y: Leg,
        since edge: Int64
    ) -> Bool {
        let recent = [x, y].map { $0.all.filter { $0.time >= edge } }
        let expected = Result { try HayashiYoshida(x: recent[0], y: recent[1], interval: x.series.interval) }
        do {
            let estimate = try rolling.estimate(x: x.series, y: y.series)
            guard case .success(let expected) = expected else {
                Issue.record("\(expected) was expected, not \(estimate)")
                return false
            }
            #expect(abs(estimate.correlation - expected.correlation) <= 1e-12)
            #expect(abs(estimate.covariance - expected.covariance) <= 1e-12 * scale(of: expected))
            #expect(estimate.incrementsX == expected.incrementsX)
            #expect(estimate.incrementsY == expected.incrementsY)
            return true
        } catch {
            #expect(throws: error) { try expected.get() }
            return false
        }
    }

    @Test(
        "At every renewal equal to the estimate from all ticks since the edge, with late, repeated and missing ticks",
        arguments: 0..<12,
        [0.02, 0.3, 3]
    )
    func fromScratch(seed: UInt64, thinRate: Double) {
        var random = SeededRandom(seed: seed)
        // Where an interval crosses the edge of a block, too.
        let interval = [1, 3, 5, 7][Int(seed) % 4] as Int64
        var legs = [Leg(rate: 2, interval: interval), Leg(rate: thinRate, interval: interval)]
        if seed % 2 == 1 { legs.swapAt(0, 1) }
        var rolling = RollingHayashiYoshida(blockLength: Self.blockLength)
        var levels = [9.0, 7.0]
        var now: Int64 = seed < 2 ? -300 : 1000
        var comparisons = 0
        for _ in 0..<60 {
            let end = now - now % Self.blockLength + Self.blockLength
            while now < end {
                for leg in [0, 1] {
                    while random.uniform() < legs[leg].rate / (1 + legs[leg].rate) {
                        levels[leg] += 1e-3 * random.normal() + (leg == 1 ? 1e-4 * levels[0] : 0)
                        let lateness = random.uniform() < 0.2 ? Int64(4 * random.uniform()) : 0
                        legs[leg].append(TimedValue(time: now - lateness, value: levels[leg]))
                    }
                }
                // A few at a time, at different times for each pair, as with many pairs.
                var budget = Int(8 * random.uniform())
                _ = rolling.advance(x: legs[0].series, y: legs[1].series, budget: &budget)
                now += 1
            }
            if random.uniform() < 0.05 { now += Int64(150 * random.uniform()) }
            let edge = now - (now % Self.blockLength + Self.blockLength) % Self.blockLength - Self.horizon
            for leg in [0, 1] { legs[leg].series.remove(before: edge) }
            rolling.remove(before: edge)
            if expectEqual(&rolling, legs[0], legs[1], since: edge) { comparisons += 1 }
            // A pair that begins with existing ticks.
            var young = RollingHayashiYoshida(blockLength: Self.blockLength)
            _ = expectEqual(&young, legs[0], legs[1], since: edge)
        }
        #expect(thinRate < 0.1 || comparisons > 40)
    }

    @Test("Another tick at the time of one that was already used replaces it")
    func replacedTick() throws {
        var (x, y) = (Leg(rate: 1), Leg(rate: 1))
        for time in 0..<5 as Range<Int64> {
            x.append(TimedValue(time: time, value: Double(time * time)))
            y.append(TimedValue(time: time, value: Double(time)))
        }
        var rolling = RollingHayashiYoshida(blockLength: Self.blockLength)
        #expect(expectEqual(&rolling, x, y, since: 0))
        x.append(TimedValue(time: 4, value: -3))
        #expect(expectEqual(&rolling, x, y, since: 0))
        y.append(TimedValue(time: 4, value: 11))
        y.append(TimedValue(time: 3, value: 999))
        #expect(expectEqual(&rolling, x, y, since: 0))
    }

    @Test("A product is computed once: the cost of a renewal does not grow with the horizon")
    func cost() {
        var (x, y) = (TickSeries(blockLength: 10), TickSeries(blockLength: 10))
        var rolling = RollingHayashiYoshida(blockLength: 10)
        var products = 0
        for time in 0..<1000 as Range<Int64> {
            x.append(TimedValue(time: time, value: Double(time % 7)))
            if time % 5 == 0 { y.append(TimedValue(time: time, value: Double(time % 3))) }
            var budget = 10_000
            let isComplete = rolling.advance(x: x, y: y, budget: &budget)
            #expect(isComplete)
            products += 10_000 - budget
        }
        // One for each time at which a leg ticked, but for the last, which may still change.
        #expect(products <= 1000)
        #expect(products >= 990)
    }

    @Test("In other blocks the ticks are the same")
    func regrouped() throws {
        var random = SeededRandom(seed: 3)
        var (x, y) = (TickSeries(blockLength: 10), TickSeries(blockLength: 10))
        for (time, value) in random.walk(200).enumerated() {
            x.append(TimedValue(time: Int64(time), value: value))
            if time % 3 == 0 { y.append(TimedValue(time: Int64(time), value: -value)) }
        }
        x.remove(before: 60)
        y.remove(before: 60)
        var before = RollingHayashiYoshida(blockLength: 10)
        let expected = try before.estimate(x: x, y: y)
        var after = RollingHayashiYoshida(blockLength: 7)
        let estimate = try after.estimate(x: x.regrouped(blockLength: 7), y: y.regrouped(blockLength: 7))
        #expect(abs(estimate.correlation - expected.correlation) < 1e-12)
        #expect(estimate.incrementsX == 139)
        #expect(estimate.incrementsY == expected.incrementsY)
    }

    @Test("A tick without a finite value is left out")
    func notFinite() throws {
        var (x, y) = (TickSeries(blockLength: 10), TickSeries(blockLength: 10))
        for time in 0..<4 as Range<Int64> {
            x.append(TimedValue(time: 2 * time, value: Double(time * time)))
            x.append(TimedValue(time: 2 * time + 1, value: -.infinity))
            y.append(TimedValue(time: 2 * time, value: Double(time)))
        }
        var rolling = RollingHayashiYoshida(blockLength: 10)
        let estimate = try rolling.estimate(x: x, y: y)
        #expect(estimate.incrementsX == 3)
        #expect(estimate.covariance == 9)
    }
}
