import Foundation
import MarketData
import PairEngine
import TestSupport
import Testing

/// How often signals begin and hold on pairs to which nothing happens: what the default thresholds stand for.
///
/// The README shows these figures; the scenario test holds a whole simulated day against them.
@Suite struct SignalCalibrationTests {
    /// What was counted.
    struct Rates {
        /// Beginnings in a thousand bars, in the order of `Signal.allCases`.
        var entries = [0.0, 0, 0, 0]
        /// Share of the bars on which each signal holds.
        var shares = [0.0, 0, 0, 0]
        /// Share of z-score extremes that came back half of the way within the half-life.
        var reverted = 0.0
    }

    /// Replays `runs` pairs of ten windows each: unrelated random walks, or a pair whose spread has a half-life of a
    /// thirtieth of the window and whose returns have a correlation of 0.89.
    static func rates(window: Int, isReverting: Bool, runs: Int) throws -> Rates {
        var generator = SeededRandom(seed: 20_261_122)
        func normal() -> Double {
            (-2 * log(1 - .random(in: 0..<1, using: &generator))).squareRoot()
                * cos(2 * .pi * .random(in: 0..<1, using: &generator))
        }
        let decay = exp2(-30 / Double(window))
        let width = 1 / sqrt(2 * (1 - decay))
        var rates = Rates()
        var bars = [0.0, 0, 0, 0]
        var efficacy = (reverted: 0, count: 0)
        for _ in 0..<runs {
            var replay = PairReplay(timeframe: try .sample("1s"), window: window, tests: TestSettings())
            var (x, y, spread) = (0.0, 0.0, width * normal())
            for _ in 0..<(11 * window) {
                x += normal()
                spread = decay * spread + width * sqrt(1 - decay * decay) * normal()
                y = isReverting ? 2 * x + spread : y + normal()
                replay.append((x: x, y: y, isCarried: false))
                for (index, signal) in Signal.allCases.enumerated() {
                    guard let holds = replay.reading.holds(signal) else { continue }
                    bars[index] += 1
                    if holds { rates.shares[index] += 1 }
                }
            }
            for index in 0..<4 { rates.entries[index] += Double(replay.reading.signals.entries[index]) }
            efficacy = (efficacy.reverted + replay.efficacy.reverted, efficacy.count + replay.efficacy.count)
        }
        for index in 0..<4 where bars[index] > 0 {
            rates.entries[index] *= 1000 / bars[index]
            rates.shares[index] /= bars[index]
        }
        rates.reverted = Double(efficacy.reverted) / Double(max(1, efficacy.count))
        return rates
    }

    /// The figures of the README, from four times as many runs as the test makes.
    static let documented: [(window: Int, isReverting: Bool, rates: Rates)] = [
        (60, true, Rates(entries: [4.8, 0.03, 0.28, 0], shares: [0.093, 0.0002, 0.0015, 0], reverted: 0.58)),
        (60, false, Rates(entries: [13, 0, 0.09, 0], shares: [0.40, 0, 0.0004, 0], reverted: 0.28)),
        (240, true, Rates(entries: [6.4, 0.03, 0.45, 1.6], shares: [0.157, 0.0002, 0.0026, 0.36], reverted: 0.54)),
        (240, false, Rates(entries: [5.7, 0, 0.11, 0.76], shares: [0.39, 0, 0.0006, 0.96], reverted: 0.33)),
    ]

    @Test(
        "Signals are as frequent as the README says",
        .enabled(if: ProcessInfo.processInfo.environment["PAIRS_LONG_TESTS"] != nil),
        arguments: documented.indices
    )
    func frequency(index: Int) throws {
        let (window, isReverting, expected) = Self.documented[index]
        let runs = window == 60 ? 75 : 20
        let found = try Self.rates(window: window, isReverting: isReverting, runs: runs)
        let bars = Double(10 * window * runs)
        print(
            "window \(window), \(isReverting ? "reverting" : "unrelated"): beginnings in 1,000 bars \(found.entries), "
                + "shares of bars \(found.shares), reverted \(found.reverted)"
        )
        for (position, signal) in Signal.allCases.enumerated() {
            // Beginnings are about a Poisson process; four standard deviations, and a few for the rarest.
            let mean = expected.entries[position] / 1000 * bars
            #expect(abs(found.entries[position] / 1000 * bars - mean) < 4 * mean.squareRoot() + 4, "\(signal)")
        }
        #expect(abs(found.shares[0] - expected.shares[0]) < 0.06)
        #expect(abs(found.shares[3] - expected.shares[3]) < 0.2)
        #expect(abs(found.reverted - expected.reverted) < 0.15)
    }
}
