import Testing

@testable import PairStatistics

@Suite struct KPSSTests {
    private static let (x, y) = FrozenPair.series

    @Test(
        "The frozen walk equals statsmodels",
        arguments: [
            (KPSS.Trend.constant, nil, 0.3952992800636191, 0.07918134480016419, 8),
            (.constant, 14, 0.2606290835439758, 0.1, 14),
            (.constantAndTrend, nil, 0.36880102235532064, 0.01, 8),
            (.constantAndTrend, 14, 0.24329112385773347, 0.01, 14),
        ] as [(KPSS.Trend, Int?, Double, Double, Int)]
    )
    func frozen(trend: KPSS.Trend, lags: Int?, statistic: Double, pValue: Double, used: Int) throws {
        let test = try KPSS(Self.x, trend: trend, lags: lags)
        #expect(abs(test.statistic - statistic) < 1e-10)
        #expect(abs(test.pValue - pValue) < 1e-10)
        #expect(test.lags == used)
    }

    @Test("The p-value ends at the ends of the paper's table, and the table is the paper's")
    func clipped() throws {
        let line = (0..<200).map { Double($0) + Double($0 * $0 % 7) }
        let rejected = try KPSS(line)
        #expect(rejected.pValue == 0.01)
        #expect(rejected.criticalValues == CriticalValues(onePercent: 0.739, fivePercent: 0.463, tenPercent: 0.347))
        let spread = zip(Self.x, Self.y).map { $1 - 1.6556563658683894 * $0 }
        #expect(try KPSS(spread, trend: .constantAndTrend).pValue == 0.1)
    }

    @Test("Neither scale nor level of the series matters", arguments: [1e-170, 1e-8, 1e8, 1e170])
    func scaleInvariance(scale: Double) throws {
        let original = try KPSS(Self.x)
        let scaled = try KPSS(Self.x.map { $0 * scale })
        #expect(abs(original.statistic - scaled.statistic) < 1e-10)
        #expect(original.lags == scaled.lags)
    }

    @Test("Degenerate series have a reason instead of a number")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try KPSS([1, 2, 3]) }
        #expect(throws: UndefinedStatistic.tooFew) { try KPSS([1, 2, 3, .nan]) }
        #expect(throws: UndefinedStatistic.constant) { try KPSS([0.1, 0.1, 0.1, 0.1, 0.1]) }
        #expect(throws: UndefinedStatistic.constant) {
            try KPSS((0..<50).map { 0.3 * Double($0) }, trend: .constantAndTrend)
        }
        // The residual of a line of prices with five digits before the point is their rounding.
        #expect(throws: UndefinedStatistic.constant) {
            try KPSS((0..<50).map { 65432.1 + 0.01 * Double($0) }, trend: .constantAndTrend)
        }
        #expect(throws: UndefinedStatistic.invalidLag) { try KPSS(Self.x, lags: 159) }
        #expect(throws: UndefinedStatistic.invalidLag) { try KPSS(Self.x, lags: .max) }
        // The automatic rule chooses four lags of five values, with which every series has the statistic 1/2.
        #expect(throws: UndefinedStatistic.invalidLag) { try KPSS([0, 0, 2, 0, 3]) }
        #expect(throws: UndefinedStatistic.invalidLag) { try KPSS(Self.x, lags: -1) }
    }

    @Test("The golden pair equals statsmodels", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        let fit = try LinearFit(PairMoments(x: golden.x, y: golden.y))
        let residual = zip(golden.x, golden.y).map { fit.residual(x: $0, y: $1) }
        let automatic = try KPSS(residual)
        #expect(abs(automatic.statistic - golden.kpssCAuto.stat) < 1e-8)
        #expect(automatic.lags == golden.kpssCAuto.lags)
        let trend = try KPSS(golden.x, trend: .constantAndTrend, lags: golden.kpssCtLegacyX.lags)
        #expect(abs(trend.statistic - golden.kpssCtLegacyX.stat) < 1e-8)
        #expect(abs(trend.pValue - golden.kpssCtLegacyX.p) < 1e-8)
    }

    @Test("R's tseries on the gross domestic product", .enabled(if: PublishedCases.isPresent))
    func published() throws {
        let published = try PublishedCases.load()
        #expect(published.cases.kpss.count == 2)
        for reference in published.cases.kpss {
            let trend = try #require(KPSS.Trend(rawValue: reference.regression))
            let test = try KPSS(published.series(reference.series), trend: trend, lags: reference.lags)
            #expect(abs(test.statistic - reference.stat) < 1e-3)
            #expect(test.pValue == reference.pvalueClipped)
        }
    }
}
