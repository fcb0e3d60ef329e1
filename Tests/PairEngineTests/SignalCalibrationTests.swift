import Foundation
import MarketData
import PairEngine
import PairStatistics
import SimulatedPairs
import Testing

/// The accuracy of the published judgements on pairs with known relations: a small part of `Benchmarks/CALIBRATION.md`.
///
/// Seeds are fixed, so that a figure changes only with the program. Each bound is the requirement, or the figure of the
/// report, widened by three standard errors of so few pairs.
@Suite struct SignalCalibrationTests {
    static let window = 240

    /// The result of a replay of a pair.
    struct Record {
        /// Confidence four windows after the first full one.
        var confidence = 0.0
        /// The bars after which the pair is proven, by the tests.
        var proven: [Int] = []
        /// The bars at which `stationarity_risk` begins.
        var alarms: [Int] = []
        /// Calibrated p-values of tests that share no bar.
        var pValues: [Double] = []
    }

    /// Replays a pair with all tests.
    static func record(_ pair: SimulatedPair) throws -> Record {
        var record = Record()
        var replay = WindowReplay(timeframe: try #require(Timeframe("1m")), window: window, tests: TestSettings())
        let position = try #require(Signal.allCases.firstIndex(of: .stationarityRisk))
        var (entries, last): (UInt32, TestOutcome?) = (0, nil)
        for bar in pair.x.indices {
            replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: pair.isCarried[bar]))
            let reading = replay.reading
            if reading.signals.entries[position] != entries { record.alarms.append(bar) }
            entries = reading.signals.entries[position]
            if bar == 5 * window - 1 { record.confidence = reading.confidence ?? 0 }
            guard let outcome = reading.tests.value, outcome !== last else { continue }
            last = outcome
            if reading.isProven { record.proven.append(bar) }
            if bar >= window, bar % window == 0, let p = outcome.calibratedPValue { record.pValues.append(p) }
        }
        return record
    }

    /// The share that a requirement allows at least, lowered by three standard errors.
    static func lowest(_ share: Double, of count: Int) -> Double {
        share - 3 * (share * (1 - share) / Double(count)).squareRoot()
    }

    /// The share that a requirement allows at most, raised by three standard errors.
    static func highest(_ share: Double, of count: Int) -> Double {
        share + 3 * (share * (1 - share) / Double(count)).squareRoot()
    }

    static let isLongRun = ProcessInfo.processInfo.environment["PAIRS_LONG_TESTS"] != nil

    @Test("Confidence, proof and break monitor distinguish pairs from walks", .enabled(if: isLongRun))
    func judgements() throws {
        let count = 12
        let change = 6 * Self.window
        let walks = try (0..<UInt64(count)).map { number in
            let pair = SimulatedPair(.gaussian, .walks(correlation: 0.9), bars: 7 * Self.window, seed: 100 + number)
            return try Self.record(pair)
        }
        let pairs = try (0..<UInt64(count)).map { number in
            let pair = SimulatedPair(
                .gaussian,
                .cointegrated(halfLife: 5, correlation: 0.31),
                bars: change + 2 * Self.window,
                change: (.walk, change),
                seed: 200 + number
            )
            return try Self.record(pair)
        }
        // Row 1: AUC 0.98; twelve against twelve have a standard error of about 0.03.
        let wins = pairs.reduce(0) { sum, pair in sum + walks.count { $0.confidence < pair.confidence } }
        #expect(Double(wins) / Double(count * count) > 0.98 - 3 * 0.03)
        // Row 2.
        let falselyProven = Double(walks.count { !$0.proven.isEmpty }) / Double(count)
        #expect(falselyProven < Self.highest(0.02, of: count))
        let proven = pairs.filter { $0.proven.contains { $0 < change } }
        #expect(Double(proven.count) / Double(count) > Self.lowest(0.85, of: count))
        // Row 9: a break is found within two windows in 80 %; 5 % of healthy pairs alarm in three windows, so at most
        // 10 % in the six before the change.
        let found = Double(proven.count { $0.alarms.contains { $0 >= change } }) / Double(max(1, proven.count))
        #expect(found > Self.lowest(0.8, of: count))
        let falseAlarms = Double(pairs.count { $0.alarms.contains { $0 < change } }) / Double(count)
        #expect(falseAlarms < Self.highest(0.1, of: count))
        // Row 6: the calibrated p-value of a walk is below 0.05 in 5 %.
        let pValues = walks.flatMap(\.pValues)
        let size = Double(pValues.count { $0 < 0.05 }) / Double(pValues.count)
        print(
            "AUC \(Double(wins) / Double(count * count)), proven \(falselyProven) of walks, \(proven.count) of \(count), "
                + "found \(found), false alarms \(falseAlarms), size \(size) of \(pValues.count)"
        )
        #expect(size < Self.highest(0.07, of: pValues.count))
    }

    @Test("The finite-sample p-value has its size", .enabled(if: isLongRun), arguments: [0.0, 0.7])
    func size(correlation: Double) throws {
        let count = 200
        let small = try (0..<UInt64(count)).count { number in
            let pair = SimulatedPair(
                .studentT3,
                .walks(correlation: correlation),
                bars: Self.window,
                seed: 300 + number
            )
            return try MutualCointegration(y: pair.y, x: pair.x).finiteSamplePValue < 0.05
        }
        print("correlation \(correlation): \(small) of \(count) below 0.05")
        // Row 6: 4 to 7 %, standard error 1.5 points.
        #expect(Double(small) / Double(count) > Self.lowest(0.04, of: count))
        #expect(Double(small) / Double(count) < Self.highest(0.07, of: count))
    }

    @Test("The half-life is median-unbiased, and its interval covers it", .enabled(if: isLongRun))
    func halfLife() throws {
        let (count, truth) = (300, 5.0)
        let lives = (0..<UInt64(count)).compactMap { number -> HalfLife? in
            let pair = SimulatedPair(
                .garch,
                .cointegrated(halfLife: truth, correlation: 0.7),
                bars: Self.window,
                seed: 600 + number
            )
            guard let fit = try? LinearFit(PairMoments(x: pair.x, y: pair.y)) else { return nil }
            return try? HalfLife(zip(pair.x, pair.y).map { fit.residual(x: $0, y: $1) })
        }
        let above = Double(lives.count { $0.bars > truth }) / Double(lives.count)
        let covered = Double(lives.count { ($0.lowerBars...$0.upperBars).contains(truth) }) / Double(lives.count)
        print("half-life: \(lives.count) of \(count), above the truth \(above), covered \(covered)")
        // Row 4: absent in few, the median at the truth, coverage of 87 to 95 %; standard errors 1, 3 and 2 points.
        #expect(Double(lives.count) / Double(count) > Self.lowest(0.96, of: count))
        #expect(above > Self.lowest(0.5, of: count) && above < Self.highest(0.5, of: count))
        #expect(covered > Self.lowest(0.87, of: count) && covered < Self.highest(0.95, of: count))
    }

    /// What the signals of bars alone do in pairs to which nothing happens, and in pairs whose returns become
    /// independent or whose spread becomes three times as wide.
    @Test("Signals begin with their conditions, and hardly without", .enabled(if: isLongRun))
    func signals() throws {
        let (count, bars) = (20, 13 * Self.window)
        var begun = SIMD4<UInt32>.zero
        var held = SIMD4<Int>.zero
        var ratios: [Double] = []
        for number in 0..<UInt64(count) {
            let pair = SimulatedPair(
                .gaussian,
                .cointegrated(halfLife: 8, correlation: 0.89),
                bars: bars,
                seed: 1_000 + number
            )
            var replay = WindowReplay(timeframe: try #require(Timeframe("1m")), window: Self.window)
            for bar in pair.x.indices {
                replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: false))
                for (index, signal) in Signal.allCases.enumerated() where replay.reading.holds(signal) == true {
                    held[index] += 1
                }
            }
            begun &+= replay.reading.signals.entries
            ratios += replay.reading.volatilityRatio.value.map { [$0] } ?? []
        }
        let total = Double(count * 12 * Self.window)
        let decoupled = try Self.share(of: .correlationBreakdown, after: .decoupling)
        let widened = try Self.share(of: .volatilitySpike, after: .widerSpread(factor: 3, bars: 20))
        ratios.sort()
        let median = ratios[ratios.count / 2]
        print("begun \(begun), held \(held) of \(total), median ratio \(median), found \(decoupled), \(widened)")
        // 6.4 beginnings of an extreme per 1,000 bars: about 370, Poisson.
        #expect(abs(Double(begun[0]) - 0.0064 * total) < 3 * (0.0064 * total).squareRoot())
        #expect(abs(Double(held[0]) / total - 0.157) < 3 * 0.012)
        // Row 8: at most 0.1 beginnings per 1,000 bars.
        #expect(Double(begun[1]) < 0.0001 * total + 3 * (0.0001 * total).squareRoot())
        #expect(decoupled > Self.lowest(0.9, of: 40))
        // Row 7: it holds for at most 0.2 % of the bars; the median of 20 ratios has a standard error of 0.05.
        #expect(Double(held[2]) / total < 0.002 + 3 * 0.001)
        #expect(abs(median - 0.95) < 3 * 0.05)
        #expect(widened > Self.lowest(0.84, of: 40))
    }

    /// The share of 40 pairs for which a signal begins within 23 bars of a change: the recent bars and the dwell.
    private static func share(of signal: Signal, after change: SimulatedPair.Change) throws -> Double {
        let (count, start) = (40, 3 * window)
        let position = try #require(Signal.allCases.firstIndex(of: signal))
        let found = try (0..<UInt64(count)).count { number in
            let pair = SimulatedPair(
                .gaussian,
                .cointegrated(halfLife: 8, correlation: 0.9),
                bars: start + 23,
                change: (change, start),
                seed: 2_000 + number
            )
            var replay = WindowReplay(timeframe: try #require(Timeframe("1m")), window: window)
            var before: UInt32 = 0
            for bar in pair.x.indices {
                if bar == start { before = replay.reading.signals.entries[position] }
                replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: false))
            }
            return replay.reading.signals.entries[position] != before
        }
        return Double(found) / Double(count)
    }
}
