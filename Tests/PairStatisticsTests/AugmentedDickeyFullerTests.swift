import Foundation
import Testing

@testable import PairStatistics

@Suite struct AugmentedDickeyFullerTests {
    private static let (x, y) = FrozenPair.series

    /// Deterministic noise: (a·bar² + b·bar) modulo a prime.
    private static func noise(_ bar: Int, _ a: Int, _ b: Int, modulo prime: Int) -> Double {
        let value: Int = bar * bar * a + bar * b
        return Double(value % prime)
    }

    @Test("Every trend and lag rule equals statsmodels on the frozen pair", arguments: FrozenPair.dickeyFuller)
    func frozen(reference: FrozenPair.DickeyFuller) throws {
        let series = reference.ofSpread ? zip(Self.x, Self.y).map { $1 - 1.5 * $0 } : Self.x
        let test = try AugmentedDickeyFuller(series, trend: reference.trend, lagSelection: reference.selection)
        #expect(test.lags == reference.lags)
        #expect(test.observations == reference.observations)
        #expect(abs(test.statistic - reference.statistic) < 1e-8)
        #expect(abs(test.pValue - reference.pValue) < 1e-8)
        #expect(abs(test.criticalValues.onePercent - reference.critical[0]) < 1e-12)
        #expect(abs(test.criticalValues.fivePercent - reference.critical[1]) < 1e-12)
        #expect(abs(test.criticalValues.tenPercent - reference.critical[2]) < 1e-12)
    }

    @Test(
        "The scale of the series does not matter, from 1e-8 to 1e8",
        arguments: [1e-8, 3e-5, 0.1, 7, 1e4, 1e8],
        TrendTerms.allCases
    )
    func scaleInvariance(scale: Double, trend: TrendTerms) throws {
        for selection in LagSelection.allCases {
            let original = try AugmentedDickeyFuller(Self.x, trend: trend, lagSelection: selection)
            let scaled = try AugmentedDickeyFuller(Self.x.map { $0 * scale }, trend: trend, lagSelection: selection)
            #expect(scaled.lags == original.lags)
            #expect(abs(scaled.statistic - original.statistic) < 1e-10)
            #expect(abs(scaled.pValue - original.pValue) < 1e-10)
        }
    }

    @Test("Powers of two of any size change nothing at all", arguments: [0x1p-900, 0x1p-30, 0x1p900])
    func extremeScale(scale: Double) throws {
        let original = try AugmentedDickeyFuller(Self.y)
        let scaled = try AugmentedDickeyFuller(Self.y.map { $0 * scale })
        #expect(scaled == original)
    }

    @Test("With a constant, the level of the series does not matter", arguments: [1e3, 1e6])
    func levelInvariance(level: Double) throws {
        // On a grid that the shift does not round.
        let series = Self.x.map { ($0 * 0x1p20).rounded() * 0x1p-20 }
        let original = try AugmentedDickeyFuller(series)
        let shifted = try AugmentedDickeyFuller(series.map { $0 + level })
        #expect(shifted.lags == original.lags)
        #expect(abs(shifted.statistic - original.statistic) < 1e-10)
    }

    @Test("With a trend, adding a line does not matter")
    func trendInvariance() throws {
        let original = try AugmentedDickeyFuller(Self.x, trend: .constantAndTrend)
        let tilted = Self.x.enumerated().map { $1 + 3 * Double($0) }
        let test = try AugmentedDickeyFuller(tilted, trend: .constantAndTrend)
        #expect(test.lags == original.lags)
        #expect(abs(test.statistic - original.statistic) < 1e-8)
    }

    @Test("A series that hardly moves about a high level keeps its digits")
    func nearConstant() throws {
        // Solved with 50 digits on these very doubles.
        let series = (0..<60).map { 1e6 + Self.noise($0, 7, 3, modulo: 11) * 0x1p-33 }
        let test = try AugmentedDickeyFuller(series, lagSelection: .fixed, maximumLag: 3)
        #expect(abs(test.statistic + 9.4831212458275761) < 1e-9)
        #expect(test.observations == 56)
    }

    @Test("A series whose lags are nearly collinear is solved by orthogonal factorisation")
    func illConditioned() throws {
        // A smooth wave with a little deterministic noise, solved with 50 digits on these very doubles.
        let series = (0..<200).map { bar -> Double in
            let phase = Double(bar) / 64
            let wave = phase * (3 - phase) * (3.125 - phase) * (phase - 1.5)
            return wave + Self.noise(bar, 31, 7, modulo: 97) * 0x1p-30
        }
        let test = try AugmentedDickeyFuller(series, lagSelection: .fixed, maximumLag: 6)
        #expect(abs(test.statistic + 0.17350585681283156) < 1e-9)
    }

    @Test("A fixed number of lags is used as it is", arguments: [0, 1, 5, 78])
    func fixedLag(lag: Int) throws {
        let test = try AugmentedDickeyFuller(Self.x, lagSelection: .fixed, maximumLag: lag)
        #expect(test.lags == lag)
        #expect(test.observations == 159 - lag)
    }

    @Test("A number of lags the series cannot carry is refused", arguments: [-1, 79, 1000])
    func invalidLag(lag: Int) {
        #expect(throws: UndefinedStatistic.invalidLag) { try AugmentedDickeyFuller(Self.x, maximumLag: lag) }
    }

    @Test(
        "The shortest series answer, one value less is too few",
        arguments: [(TrendTerms.noConstant, 3), (.constant, 4), (.constantAndTrend, 6), (.constantTrendAndSquare, 8)]
    )
    func shortest(trend: TrendTerms, count: Int) throws {
        let series = (0..<count).map { 1 + Self.noise($0, 7, 0, modulo: 11) }
        #expect(throws: UndefinedStatistic.tooFew) { try AugmentedDickeyFuller(Array(series.dropLast()), trend: trend) }
        #expect(try AugmentedDickeyFuller(series, trend: trend).statistic.isFinite)
    }

    @Test(
        "Where the chosen regression has as many terms as rows there are too few values, not a statistic of 0",
        arguments: [2, 6, 10, 18, 20]
    )
    func saturated(count: Int) throws {
        let series = Array(Self.x[..<count])
        #expect(throws: UndefinedStatistic.tooFew) { try AugmentedDickeyFuller(series, trend: .noConstant) }
        #expect(throws: UndefinedStatistic.tooFew) {
            try AugmentedDickeyFuller(series, trend: .noConstant, lagSelection: .fixed, maximumLag: count / 2 - 1)
        }
        let longer = Array(Self.x[..<(count + 1)])
        #expect(try AugmentedDickeyFuller(longer, trend: .noConstant).statistic.isFinite)
    }

    @Test(
        "Of models that leave nothing over, the one with the fewest lags is chosen, by every rule",
        arguments: [LagSelection.aic, .bic, .tStatistic]
    )
    func fewestLags(selection: LagSelection) throws {
        // The step is the first row of the common sample, where the level explains it without any lag. statsmodels
        // chooses no lag or one by AIC, depending on the unit of the series, and none by the t statistic.
        for scale in [1, 1.1, 3, 1 / 3.0, 0.7] {
            let step = (0..<13).map { ($0 < 3 ? 7.3 : 8.5) * scale }
            let test = try AugmentedDickeyFuller(step, trend: .constantTrendAndSquare, lagSelection: selection)
            #expect(test.lags == 0)
            #expect(abs(test.statistic + 2.705339385882391) < 1e-8)
        }
    }

    @Test("A residual that comes from the few digits of prices is rounding", arguments: LagSelection.allCases)
    func roundedPrices(selection: LagSelection) {
        let decay = (0..<40).map { 65432.1 + 8 * pow(0.8, Double($0)) }
        let line = (0..<40).map { 65432.1 + 0.01 * Double($0) }
        #expect(throws: UndefinedStatistic.collinear) { try AugmentedDickeyFuller(decay, lagSelection: selection) }
        #expect(throws: UndefinedStatistic.collinear) {
            try AugmentedDickeyFuller(line, trend: .constantAndTrend, lagSelection: selection)
        }
    }

    @Test("A constant series has no test at any level", arguments: [0.0, 5, 1e-300, 0.1])
    func constant(level: Double) {
        for trend in TrendTerms.allCases {
            #expect(throws: UndefinedStatistic.constant) {
                try AugmentedDickeyFuller(Array(repeating: level, count: 50), trend: trend)
            }
        }
    }

    @Test("A value that is not finite is missing", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        var series = Self.x
        series[80] = value
        #expect(throws: UndefinedStatistic.tooFew) { try AugmentedDickeyFuller(series) }
    }

    @Test("A series that follows the trend terms or its own past exactly is collinear")
    func exact() {
        let line = (0..<100).map { 3 + 0.25 * Double($0) }
        let parabola = (0..<100).map { 3 + 0.25 * Double($0 * $0) }
        let decay = (0..<60).map { pow(0.5, Double($0)) }
        #expect(throws: UndefinedStatistic.collinear) { try AugmentedDickeyFuller(line) }
        #expect(throws: UndefinedStatistic.collinear) { try AugmentedDickeyFuller(line, trend: .constantAndTrend) }
        #expect(throws: UndefinedStatistic.collinear) {
            try AugmentedDickeyFuller(parabola, trend: .constantTrendAndSquare)
        }
        #expect(throws: UndefinedStatistic.collinear) {
            try AugmentedDickeyFuller(decay, trend: .noConstant, lagSelection: .fixed, maximumLag: 0)
        }
    }

    @Test("Differences that are all zero at some lag are left out, not a failure")
    func mostlyUnchanged() throws {
        // Moves only in the last thirty bars: early lagged differences are columns of zeros in the common sample.
        let series = (0..<100).map { $0 < 70 ? 1.0 : 1 + Self.noise($0, 7, 0, modulo: 11) }
        let test = try AugmentedDickeyFuller(series)
        #expect(test.lags == 11)
        #expect(abs(test.statistic + 0.7138938867600129) < 1e-10)
    }

    @Test("The golden pair equals statsmodels in all its cases", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let fit = try LinearFit(PairMoments(x: golden.x, y: golden.y))
        let residual = zip(golden.x, golden.y).map { fit.residual(x: $0, y: $1) }
        #expect(golden.adf.count == 32)
        for (key, reference) in golden.adf {
            let parts = key.split(separator: "|").map(String.init)
            let series = ["resid": residual, "x": golden.x, "y": golden.y][parts[0]]
            let test = try AugmentedDickeyFuller(
                #require(series),
                trend: #require(TrendTerms(rawValue: parts[1])),
                lagSelection: #require(LagSelection(rawValue: parts[2].lowercased()))
            )
            #expect(test.lags == reference.lags, "\(key)")
            #expect(test.observations == reference.nobs, "\(key)")
            let five = try #require(reference.crit["5%"])
            // The file's statistics come from series as they are, where statsmodels is not scale-invariant.
            #expect(abs(test.statistic - reference.stat) < 1e-7, "\(key)")
            #expect(abs(test.pValue - reference.p) < 1e-7, "\(key)")
            #expect(abs(test.criticalValues.fivePercent - five) < 1e-12, "\(key)")
        }
    }

    @Test("Published results of Stata, to the digits printed", .enabled(if: PublishedCases.isPresent))
    func published() throws {
        let published = try PublishedCases.load()
        #expect(published.cases.adf.count == 6)
        for reference in published.cases.adf {
            let test = try AugmentedDickeyFuller(
                published.series(reference.series),
                trend: #require(TrendTerms(rawValue: reference.regression)),
                lagSelection: .fixed,
                maximumLag: reference.lags
            )
            #expect(abs(test.statistic - reference.stat) < 2e-5)
            #expect(abs(test.pValue - reference.pvalue) < 2e-5)
            #expect(test.observations == reference.nobsUsed)
            #expect(abs(test.criticalValues.fivePercent - reference.crit[1]) < 1e-2)
        }
    }
}
