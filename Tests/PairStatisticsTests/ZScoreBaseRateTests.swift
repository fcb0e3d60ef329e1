import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct ZScoreBaseRateTests {
    @Test(
        "Tabled shares are returned as they are",
        arguments: [
            (60, 2.0, ZScoreBaseRate.Law.unrelated, 0.161), (60, 3, .unrelated, 0.024), (240, 2, .reverting, 0.0672),
            (240, 1, .slowlyReverting, 0.4149), (1000, 0.5, .unrelated, 0.7538),
        ]
    )
    func tabled(window: Int, size: Double, law: ZScoreBaseRate.Law, expected: Double) throws {
        let found = try #require(ZScoreBaseRate.share(beyond: size, window: window, law: law, fit: .before))
        #expect(abs(found - expected) < 1e-12)
        #expect(ZScoreBaseRate.share(beyond: -size, window: window, law: law, fit: .before) == found)
    }

    @Test("Shares fall with the size, from one on, and stay within the table", arguments: [2, 20, 77, 240, 5000])
    func monotone(window: Int) throws {
        for law in ZScoreBaseRate.Law.allCases {
            for fit in [ZScoreBaseRate.Fit.before, .including] {
                var last = 1.0
                for size in stride(from: 0, through: 6, by: 0.05) {
                    let share = try #require(ZScoreBaseRate.share(beyond: size, window: window, law: law, fit: fit))
                    #expect(share <= last && share > 0)
                    last = share
                }
                #expect(ZScoreBaseRate.share(beyond: 0, window: window, law: law, fit: fit) == 1)
            }
        }
        #expect(ZScoreBaseRate.share(beyond: .nan, window: window, law: .unrelated, fit: .before) == nil)
    }

    @Test(
        "A Monte Carlo of this package gives the tabled shares",
        .enabled(if: ProcessInfo.processInfo.environment["PAIRS_LONG_TESTS"] != nil),
        arguments: [60, 240],
        ZScoreBaseRate.Law.allCases
    )
    func monteCarlo(window: Int, law: ZScoreBaseRate.Law) throws {
        var random = SeededRandom(seed: 20_261_122)
        var counts = [0, 0, 0]
        var bars = 0
        let runs = 80
        for _ in 0..<runs {
            let (x, y) = random.pair(3 * window, law: law, window: window)
            var rolling = RollingPairWindow(capacity: window)
            for (x, y) in zip(x, y) {
                if rolling.isFull {
                    let z = abs(try LinearFit(rolling.levels).forecastZScore(x: x, y: y))
                    for size in 1...3 where z > Double(size) { counts[size - 1] += 1 }
                    bars += 1
                }
                rolling.append(x: x, y: y)
            }
        }
        for size in 1...3 {
            let share = Double(counts[size - 1]) / Double(bars)
            let tabled = try #require(
                ZScoreBaseRate.share(beyond: Double(size), window: window, law: law, fit: .before)
            )
            print("window \(window), \(law.rawValue): |forecast z| > \(size) on \(share) of the bars, tabled \(tabled)")
            // Bars of one run are alike: about ten independent ones in each.
            let error = (tabled * (1 - tabled) / Double(10 * runs)).squareRoot()
            #expect(abs(share - tabled) < 4 * error)
        }
    }
}

extension SeededRandom {
    /// A pair of series obeying a law.
    fileprivate mutating func pair(_ count: Int, law: ZScoreBaseRate.Law, window: Int) -> (x: [Double], y: [Double]) {
        let x = walk(count)
        guard law != .unrelated else { return (x, walk(count)) }
        let decay = exp2(-1 / (Double(window) / (law == .reverting ? 30 : 10)))
        let width = 1 / sqrt(2 * (1 - decay))
        var spread = width * normal()
        return (
            x,
            x.map { x in
                spread = decay * spread + width * sqrt(1 - decay * decay) * normal()
                return 2 * x + spread
            }
        )
    }
}
