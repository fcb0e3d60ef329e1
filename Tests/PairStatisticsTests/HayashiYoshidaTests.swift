import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct HayashiYoshidaTests {
    private func ticks(_ values: [(Int64, Double)]) -> [TimedValue] {
        values.map { TimedValue(time: $0.0, value: $0.1) }
    }

    /// The definition, pair by pair.
    private func byDefinition(_ x: [TimedValue], _ y: [TimedValue]) -> Double {
        var sum = 0.0
        for i in 1..<x.count {
            for j in 1..<y.count where max(x[i - 1].time, y[j - 1].time) < min(x[i].time, y[j].time) {
                sum += (x[i].value - x[i - 1].value) * (y[j].value - y[j - 1].value)
            }
        }
        return sum
    }

    @Test("Equal to the definition, pair of intervals by pair", arguments: 0..<40)
    func definition(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func leg(_ count: Int) -> [TimedValue] {
            var time: Int64 = Int64(20 * random.uniform())
            return (0..<count).map { _ in
                time += 1 + Int64(6 * random.uniform())
                return TimedValue(time: time, value: random.normal())
            }
        }
        let (x, y) = (leg(3 + Int(seed)), leg(25))
        let estimate = try HayashiYoshida(x: x, y: y)
        #expect(abs(estimate.covariance - byDefinition(x, y)) < 1e-12)
        #expect(estimate.incrementsX == x.count - 1)
        #expect(try abs(HayashiYoshida(x: y, y: x).covariance - estimate.covariance) < 1e-12)
    }

    @Test("Of ticks at one time the last counts, and an older tick is not used")
    func repeatedTimes() throws {
        let x = ticks([(0, 1), (1, 9), (1, 2), (2, 4)])
        let disordered = ticks([(0, 1), (1, 2), (0, 77), (2, 4)])
        let clean = ticks([(0, 1), (1, 2), (2, 4)])
        let y = ticks([(0, 5), (1, 6), (2, 9)])
        let expected = try HayashiYoshida(x: clean, y: y)
        #expect(try HayashiYoshida(x: x, y: y) == expected)
        #expect(try HayashiYoshida(x: disordered, y: y) == expected)
        #expect(expected.covariance == 7)
    }

    @Test("Of the ticks in one interval the last counts, at its own time; intervals begin at multiples, below 0 too")
    func sampling() throws {
        let x = ticks([(-7, 3), (-1, 1), (0, 9), (3, 8), (4, 2), (11, 4), (16, 5)])
        let y = ticks([(-2, 4), (2, 5), (3, 6), (13, 9), (12, 77)])
        let sampled = try HayashiYoshida(
            x: ticks([(-7, 3), (-1, 1), (4, 2), (11, 4), (16, 5)]),
            y: ticks([(-2, 4), (3, 6), (13, 9)])
        )
        #expect(try HayashiYoshida(x: x, y: y, interval: 5) == sampled)
        #expect(try HayashiYoshida(x: x, y: y, interval: 0) == HayashiYoshida(x: x, y: y))
    }

    @Test("Bounce hides a correlation of 0.8 from raw ticks, much less from the last ticks of intervals")
    func bounce() throws {
        var random = SeededRandom(seed: 5)
        var legs: [[TimedValue]] = [[], []]
        var levels = (0.0, 0.0)
        for time in 0..<200_000 as Range<Int64> {
            let common = random.normal()
            levels.0 += common
            levels.1 += 0.8 * common + 0.6 * random.normal()
            if random.uniform() < 0.5 {
                legs[0].append(TimedValue(time: time, value: levels.0 + (random.uniform() < 0.5 ? 2 : -2)))
            }
            if random.uniform() < 0.5 {
                legs[1].append(TimedValue(time: time, value: levels.1 + (random.uniform() < 0.5 ? 2 : -2)))
            }
        }
        let raw = try HayashiYoshida(x: legs[0], y: legs[1]).correlation
        let sampled = try HayashiYoshida(x: legs[0], y: legs[1], interval: 100).correlation
        #expect(raw < 0.25)
        // Noise adds 8 to the 100 of each interval.
        #expect(abs(sampled - 0.8 / 1.08) < 0.03)
    }

    @Test("Intervals that only touch do not overlap")
    func touching() throws {
        let x = ticks([(0, 0), (5, 1), (10, 3)])
        let y = ticks([(10, 0), (15, 1), (20, 2)])
        #expect(try HayashiYoshida(x: x, y: y).covariance == 0)
    }

    @Test(
        "With a thin leg and true ρ = 0.8 it finds 0.80 ± 0.03, where bars of one second find about 0.1",
        arguments: 20..<25
    )
    func epps(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let seconds = 40_000.0
        // Trades at 2/s and 0.2/s of two correlated walks, in microseconds.
        var events: [(time: Double, isX: Bool)] = []
        for (rate, isX) in [(2.0, true), (0.2, false)] {
            var time = 0.0
            while time < seconds {
                time += -log(1 - random.uniform()) / rate
                events.append((time, isX))
            }
        }
        events.sort { $0.time < $1.time }
        var (x, y): ([TimedValue], [TimedValue]) = ([], [])
        var (levelX, levelY, last) = (0.0, 0.0, 0.0)
        for event in events {
            let root = (event.time - last).squareRoot()
            last = event.time
            let common = random.normal()
            levelX += root * common
            levelY += root * (0.8 * common + 0.6 * random.normal())
            let time = Int64(event.time * 1e6)
            if event.isX { x.append(TimedValue(time: time, value: levelX)) }
            if !event.isX { y.append(TimedValue(time: time, value: levelY)) }
        }
        for interval in [1, 1_000_000] as [Int64] {
            #expect(abs(try HayashiYoshida(x: x, y: y, interval: interval).correlation - 0.8) < 0.03)
        }

        // Previous-tick bars of one second.
        func bars(_ ticks: [TimedValue]) -> [Double] {
            var index = 0
            return (1...Int(seconds)).map { second in
                while index + 1 < ticks.count, ticks[index + 1].time < Int64(second) * 1_000_000 { index += 1 }
                return ticks[index].value
            }
        }
        func steps(_ values: [Double]) -> [Double] { zip(values.dropFirst(), values).map { $0 - $1 } }
        let barCorrelation = try Correlation.pearson(PairMoments(x: steps(bars(x)), y: steps(bars(y))))
        #expect((0.05...0.15).contains(barCorrelation))
    }

    @Test("Few or flat ticks have a reason instead of a number")
    func undefined() {
        let moving = ticks([(0, 1), (1, 2), (2, 1), (3, 4)])
        #expect(throws: UndefinedStatistic.tooFew) { try HayashiYoshida(x: Array(moving[..<2]), y: moving) }
        #expect(throws: UndefinedStatistic.tooFew) { try HayashiYoshida(x: moving, y: []) }
        #expect(throws: UndefinedStatistic.tooFew) {
            try HayashiYoshida(x: ticks([(0, 1), (0, 2), (0, 3)]), y: moving)
        }
        #expect(throws: UndefinedStatistic.tooFew) {
            try HayashiYoshida(x: ticks([(0, 1), (1, .nan), (2, 3)]), y: moving)
        }
        #expect(throws: UndefinedStatistic.flatLeg) {
            try HayashiYoshida(x: ticks([(0, 1), (1, 1), (2, 1)]), y: moving)
        }
    }
}
