import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct BreakMonitorTests {
    private static let window = 240

    @Test("Healthy pairs seldom alarm within the horizon")
    func healthyPairsSeldomAlarm() throws {
        var alarms = 0
        for seed in 0..<100 {
            let pair = Pair(halfLife: 8, bars: 4 * Self.window, seed: seed)
            if try alarm(of: pair) != nil { alarms += 1 }
        }
        // 2 % are expected.
        #expect(alarms <= 7)
    }

    @Test("A change to a random walk is found, mostly within one window and nearly always within two")
    func changeToAWalkIsFound() throws {
        var delays: [Int] = []
        for seed in 0..<100 {
            let pair = Pair(halfLife: 8, bars: 4 * Self.window, change: .walk, at: 2 * Self.window, seed: 1000 + seed)
            if let bar = try alarm(of: pair), bar >= 2 * Self.window { delays.append(bar - 2 * Self.window) }
        }
        // 73 and 92 % are expected.
        #expect(delays.count { $0 < Self.window } >= 58)
        #expect(delays.count { $0 < 2 * Self.window } >= 80)
    }

    @Test("A level shift of three standard deviations is found within a quarter of the window")
    func levelShiftIsFound() throws {
        var found = 0
        for seed in 0..<100 {
            let pair = Pair(halfLife: 8, bars: 4 * Self.window, change: .shift, at: 2 * Self.window, seed: 2000 + seed)
            if let bar = try alarm(of: pair), (2 * Self.window..<2 * Self.window + 60).contains(bar) { found += 1 }
        }
        // 60 % are expected.
        #expect(found >= 45)
    }

    @Test("A volatility burst alone is no break, nor is an extreme that reverts")
    func burstsAndExtremesAreNoBreak() throws {
        var alarms = (burst: 0, extreme: 0)
        for seed in 0..<50 {
            let burst = Pair(halfLife: 5, bars: 720, change: .burst, at: 2 * Self.window, seed: 3000 + seed)
            if try alarm(of: burst) != nil { alarms.burst += 1 }
            let other = Pair(halfLife: 5, bars: 720, change: .extreme, at: 2 * Self.window, seed: 3000 + seed)
            if try alarm(of: other) != nil { alarms.extreme += 1 }
        }
        #expect(alarms.burst <= 8)
        #expect(alarms.extreme <= 8)
    }

    @Test("Bars without a value are survived: a break is found all the same, and nothing is concluded across them")
    func gapsAreSurvived() throws {
        var pair = Pair(halfLife: 8, bars: 4 * Self.window, change: .shift, at: 2 * Self.window, seed: 5)
        for bar in pair.y.indices.dropFirst(Self.window) where bar % 9 == 0 { pair.y[bar] = .nan }
        let bar = try #require(try alarm(of: pair))
        #expect(bar >= 2 * Self.window)

        var monitor = try armed(on: pair)
        let before = monitor.level
        monitor.skip()
        monitor.step(x: 100, y: -100)
        #expect(monitor.level == before)
        monitor.step(x: .infinity, y: 0)
        #expect(monitor.level == before)
    }

    @Test("Scale and level of the legs do not matter", arguments: [0x1p-27, 0x1p27])
    func scaleDoesNotMatter(factor: Double) throws {
        let pair = Pair(halfLife: 8, bars: 3 * Self.window, seed: 6)
        var monitor = try armed(on: pair)
        var scaled = try BreakMonitor(
            y: pair.y[..<Self.window].map { $0 * factor },
            x: pair.x[..<Self.window].map { $0 / factor * 0x1p-27 },
            window: Self.window
        )
        for bar in Self.window..<pair.x.count {
            monitor.step(x: pair.x[bar], y: pair.y[bar])
            scaled.step(x: pair.x[bar] / factor * 0x1p-27, y: pair.y[bar] * factor)
            #expect(abs(monitor.level - scaled.level) < 1e-9)
        }
    }

    @Test("A restored monitor continues to the last bit")
    func restoredStateContinues() throws {
        let pair = Pair(halfLife: 8, bars: 4 * Self.window, change: .walk, at: 3 * Self.window, seed: 7)
        var monitor = try armed(on: pair)
        for bar in Self.window..<pair.x.count {
            let stored = try JSONEncoder().encode(monitor)
            var restored = try JSONDecoder().decode(BreakMonitor.self, from: stored)
            #expect(restored == monitor)
            monitor.step(x: pair.x[bar], y: pair.y[bar])
            restored.step(x: pair.x[bar], y: pair.y[bar])
            #expect(restored == monitor)
        }
    }

    @Test("An alarm stays")
    func alarmStays() throws {
        let pair = Pair(halfLife: 3, bars: 4 * Self.window, change: .walk, at: 2 * Self.window, seed: 8)
        var monitor = try armed(on: pair)
        for bar in Self.window..<pair.x.count { monitor.step(x: pair.x[bar], y: pair.y[bar]) }
        #expect(monitor.hasAlarmed)
        #expect(monitor.level >= 1)
        let before = monitor
        monitor.step(x: pair.x[0], y: pair.y[0])
        #expect(monitor == before)
    }

    @Test("A window without a line or a pull is rejected with its reason")
    func windowsAreRefused() throws {
        let pair = Pair(halfLife: 8, bars: 240, seed: 9)
        #expect(throws: UndefinedStatistic.tooFew) {
            try BreakMonitor(y: Array(pair.y[..<29]), x: Array(pair.x[..<29]), window: 240)
        }
        #expect(throws: UndefinedStatistic.tooFew) { try BreakMonitor(y: pair.y, x: pair.x + [0], window: 240) }
        let withGap = pair.y.dropLast() + [.nan]
        #expect(throws: UndefinedStatistic.tooFew) { try BreakMonitor(y: Array(withGap), x: pair.x, window: 240) }
        #expect(throws: UndefinedStatistic.collinear) { try BreakMonitor(y: pair.x, x: pair.x, window: 240) }
        let flat = Array(repeating: 1.0, count: 240)
        #expect(throws: UndefinedStatistic.flatLeg) { try BreakMonitor(y: pair.y, x: flat, window: 240) }
    }

    private func armed(on pair: Pair) throws -> BreakMonitor {
        try BreakMonitor(
            y: Array(pair.y[..<Self.window]),
            x: Array(pair.x[..<Self.window]),
            window: Self.window
        )
    }

    /// The bar at which a monitor that is armed on the first window alarms.
    private func alarm(of pair: Pair) throws -> Int? {
        var monitor = try armed(on: pair)
        for bar in Self.window..<pair.x.count {
            monitor.step(x: pair.x[bar], y: pair.y[bar])
            if monitor.hasAlarmed { return bar }
        }
        return nil
    }

    /// y = x + spread with returns of correlation 0.7.
    private struct Pair {
        enum Change {
            /// The spread becomes a random walk.
            case walk
            /// The level of the spread moves by three standard deviations.
            case shift
            /// The innovations of both legs become five times as large for 60 bars.
            case burst
            /// One innovation is three standard deviations of the spread larger.
            case extreme
        }

        var x: [Double] = []
        var y: [Double] = []

        init(halfLife: Double, bars: Int, change: Change? = nil, at start: Int = 0, seed: Int) {
            var random = SeededRandom(seed: seed)
            let persistence = pow(0.5, 1 / halfLife)
            let innovation = ((1 / 0.49 - 1) * (1 + persistence) / 2).squareRoot()
            let deviation = innovation / (1 - persistence * persistence).squareRoot()
            var level = 0.0
            var spread = deviation * random.normal()
            for bar in 0..<bars {
                let isBurst = change == .burst && (start..<start + 60).contains(bar)
                let size = isBurst ? 5.0 : 1.0
                level += size * random.normal()
                spread *= change == .walk && bar >= start ? 1 : persistence
                spread += size * innovation * random.normal()
                if change == .extreme, bar == start { spread += 3 * deviation }
                let offset = change == .shift && bar >= start ? 3 * deviation : 0
                x.append(4 + 1e-3 * level)
                y.append(3 + 1e-3 * (level + spread + offset))
            }
        }
    }
}
