import TestSupport
import Testing

@testable import PairStatistics

/// Series of 4 to 60 values: the statistics that exist have degrees of freedom, the others a reason.
@Suite struct ShortSeriesTests {
    /// A walk; one in ticks that seldom changes, about a high level; one that is constant and then changes.
    private enum Kind: CaseIterable {
        case walk, ticks, late

        func series(_ random: inout SeededRandom, _ count: Int) -> [Double] {
            switch self {
            case .walk: return random.walk(count)
            case .ticks:
                var ticks = 10023.0
                return (0..<count).map { _ in
                    if random.uniform() < 0.15 { ticks += random.uniform() < 0.5 ? -1 : 1 }
                    return ticks / 100
                }
            case .late:
                let start = count - 1 - Int(5 * random.uniform())
                return (0..<count).map { $0 < start ? 123.4 : 123.4 + (10 * random.normal()).rounded() / 10 }
            }
        }
    }

    private static let pairs: [(Kind, Kind)] = [(.walk, .walk), (.ticks, .walk), (.late, .ticks)]

    /// The formula's values, nil for a reason; any other error fails the test.
    private func defined<Value>(_ formula: () throws -> Value) -> Value? {
        do {
            return try formula()
        } catch {
            #expect(error is UndefinedStatistic)
            return nil
        }
    }

    private func deterministicTerms(_ trend: TrendTerms) -> Int {
        switch trend {
        case .noConstant: 0
        case .constant: 1
        case .constantAndTrend: 2
        case .constantTrendAndSquare: 3
        }
    }

    /// Checks a t statistic. On a walk it is 0 with a probability of 0, on ticks it may be 0; far beyond any that has a
    /// meaning it would be a ratio to rounding.
    private func expectSound(_ statistic: Double, _ pValue: Double, _ kind: Kind, _ label: String) {
        #expect(statistic.magnitude < 1e9, "\(label)")
        #expect((0...1).contains(pValue), "\(label)")
        if kind == .walk { #expect(statistic != 0, "\(label)") }
    }

    @Test("Dickey-Fuller and Engle-Granger statistics have a degree of freedom", arguments: 4...60)
    func unitRoot(count: Int) {
        var random = SeededRandom(seed: count)
        for (kind, other) in Self.pairs {
            let (y, x) = (kind.series(&random, count), other.series(&random, count))
            for trend in TrendTerms.allCases {
                for selection in LagSelection.allCases {
                    let label = "\(kind) \(other) \(trend) \(selection)"
                    if let test = defined({ try AugmentedDickeyFuller(y, trend: trend, lagSelection: selection) }) {
                        expectSound(test.statistic, test.pValue, kind, label)
                        #expect(test.observations == count - 1 - test.lags)
                        // Columns that depend on others are no terms.
                        if kind == .walk { #expect(test.observations > test.lags + 1 + deterministicTerms(trend)) }
                    }
                    for (y, x) in [(y, x), (x, y)] {
                        let test = defined { try EngleGranger(y: y, x: x, trend: trend, lagSelection: selection) }
                        guard let test else { continue }
                        expectSound(test.statistic, test.pValue, other == .walk ? kind : other, label)
                        if kind == .walk, other == .walk { #expect(count - 1 - test.lags > test.lags + 1) }
                    }
                }
            }
        }
    }

    @Test("The other tests have finite values or a reason", arguments: 4...60)
    func others(count: Int) throws {
        var random = SeededRandom(seed: 1000 + count)
        for (kind, _) in Self.pairs {
            let y = kind.series(&random, count)
            for trend in KPSS.Trend.allCases {
                guard let test = defined({ try KPSS(y, trend: trend) }) else { continue }
                #expect(test.statistic > 0 && test.statistic.isFinite)
                #expect((0.01...0.1).contains(test.pValue))
            }
            if let halfLife = defined({ try HalfLife(y, origin: .series) }) {
                #expect(0 < halfLife.bars && halfLife.lowerBars <= halfLife.bars && halfLife.bars <= halfLife.upperBars)
                #expect(halfLife.upperBars.isFinite)
            }
            for (hasDrift, isDebiased) in [(true, true), (true, false), (false, true), (false, false)] {
                for (periods, isRobust) in [(2, true), (3, false), (count - 2, true), (count - 1, false)] {
                    let test = defined {
                        try VarianceRatio(
                            y,
                            periods: periods,
                            hasDrift: hasDrift,
                            isRobust: isRobust,
                            isDebiased: isDebiased
                        )
                    }
                    guard let test else { continue }
                    expectSound(test.statistic, test.pValue, kind, "\(kind) \(periods) \(hasDrift) \(isDebiased)")
                    if kind == .walk { #expect(test.ratio > 1e-9) }
                }
            }
        }
    }

    @Test("The calibrated p-value is one, and the kernel of its null equals the test", arguments: 4...60)
    func calibrated(count: Int) throws {
        var random = SeededRandom(seed: 2000 + count)
        for _ in 0..<4 {
            let (y, x) = (random.walk(count), random.walk(count))
            guard let test = defined({ try MutualCointegration(y: y, x: x) }) else {
                #expect(count <= 20 && count.isMultiple(of: 2))
                continue
            }
            #expect((0...1).contains(test.finiteSamplePValue))
            if count <= 20 {
                #expect(throws: UndefinedStatistic.tooFew) { try WildBootstrap(y: y, x: x, draws: 99, seed: 1) }
                continue
            }
            let bootstrap = try WildBootstrap(y: y, x: x, draws: 99, seed: 1)
            #expect((0...1).contains(bootstrap.pValue))
            var kernel = try MutualStatistic(count: count)
            let changes = [y, x].map { zip($0.dropFirst(), $0).map { $0 - $1 } }
            let statistic = kernel.larger(changesOfY: changes[0], x: changes[1])
            let larger = try #require(statistic)
            #expect(abs(larger - test.weaker.statistic) < 1e-7)
        }
    }
}
