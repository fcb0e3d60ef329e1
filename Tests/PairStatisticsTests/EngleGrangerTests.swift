import TestSupport
import Testing

@testable import PairStatistics

@Suite struct EngleGrangerTests {
    private static let (x, y) = FrozenPair.series

    @Test("Both directions equal statsmodels on the frozen pair", arguments: FrozenPair.engleGranger)
    func frozen(reference: FrozenPair.EngleGrangerCase) throws {
        let (y, x) = reference.swapped ? (Self.x, Self.y) : (Self.y, Self.x)
        let test = try EngleGranger(y: y, x: x, trend: reference.trend, lagSelection: reference.selection)
        #expect(abs(test.statistic - reference.statistic) < 1e-8)
        #expect(abs(test.pValue - reference.pValue) < 1e-8)
        let critical = try #require(test.criticalValues)
        #expect(abs(critical.onePercent - reference.critical[0]) < 1e-12)
        #expect(abs(critical.fivePercent - reference.critical[1]) < 1e-12)
        #expect(abs(critical.tenPercent - reference.critical[2]) < 1e-12)
    }

    @Test("Without a constant there are no critical values, and a high level is collinear as in statsmodels")
    func noConstant() throws {
        #expect(throws: UndefinedStatistic.collinear) { try EngleGranger(y: Self.y, x: Self.x, trend: .noConstant) }
        let origin = (Self.x[0], Self.y[0])
        let test = try EngleGranger(
            y: Self.y.map { $0 - origin.1 },
            x: Self.x.map { $0 - origin.0 },
            trend: .noConstant
        )
        #expect(test.criticalValues == nil)
        #expect((0...1).contains(test.pValue))
    }

    @Test("Scales of the legs do not matter", arguments: [1e-6, 1e6])
    func scaleInvariance(scale: Double) throws {
        let original = try EngleGranger(y: Self.y, x: Self.x)
        let scaled = try EngleGranger(y: Self.y.map { $0 * scale }, x: Self.x.map { $0 / scale })
        #expect(abs(original.statistic - scaled.statistic) < 1e-9)
        #expect(original.lags == scaled.lags)
    }

    @Test("Degenerate legs have a reason instead of a number")
    func undefined() {
        let flat = Array(repeating: 7.1, count: Self.x.count)
        #expect(throws: UndefinedStatistic.flatLeg) { try EngleGranger(y: Self.y, x: flat) }
        #expect(throws: UndefinedStatistic.flatLeg) { try EngleGranger(y: flat, x: Self.x) }
        #expect(throws: UndefinedStatistic.collinear) { try EngleGranger(y: Self.x.map { 2 * $0 + 1 }, x: Self.x) }
        #expect(throws: UndefinedStatistic.collinear) { try EngleGranger(y: Self.x, x: Self.x) }
        #expect(throws: UndefinedStatistic.tooFew) { try EngleGranger(y: [1, 2, 4], x: [1, 3, 2]) }
        #expect(throws: UndefinedStatistic.tooFew) { try EngleGranger(y: Self.y, x: Array(Self.x.dropLast())) }
        #expect(throws: UndefinedStatistic.tooFew) { try EngleGranger(y: Self.y, x: Self.x.map { $0 - .nan }) }
        #expect(throws: UndefinedStatistic.invalidLag) { try EngleGranger(y: Self.y, x: Self.x, maximumLag: 200) }
    }

    @Test("Where the residual's regression leaves no degree of freedom there are too few values", arguments: [12, 20])
    func saturated(count: Int) throws {
        let (x, y) = (Array(Self.x[..<count]), Array(Self.y[..<count]))
        #expect(throws: UndefinedStatistic.tooFew) { try EngleGranger(y: y, x: x) }
        let longer = (x: Array(Self.x[..<(count + 1)]), y: Array(Self.y[..<(count + 1)]))
        #expect(try EngleGranger(y: longer.y, x: longer.x).statistic != 0)
    }

    /// Twenty rows, on which nine lags leave ten rows for ten terms.
    private static let twenty = (
        y: [
            50.1426, 49.5653, 49.2672, 49.3494, 47.9842, 47.357, 46.5629, 48.1051, 46.6978, 46.5048, 47.0895, 48.1947,
            47.5555, 47.074, 47.6278, 46.4533, 45.7217, 45.9484, 46.0517, 45.7168,
        ],
        x: [
            47.3571, 48.4556, 48.53, 49.6865, 50.2374, 50.2692, 51.2263, 50.9146, 51.0215, 50.9256, 51.8229, 51.0673,
            51.3115, 53.9405, 52.5087, 52.8177, 52.522, 53.7393, 53.4932, 52.9625,
        ]
    )

    @Test(
        "Twenty rows leave no degree of freedom, where statsmodels answers 0 and, with a constant, p = 0.986",
        arguments: TrendTerms.allCases,
        [LagSelection.aic, .bic, .fixed]
    )
    func twentyRows(trend: TrendTerms, selection: LagSelection) {
        let (y, x) = Self.twenty
        #expect(throws: UndefinedStatistic.tooFew) {
            try EngleGranger(y: y, x: x, trend: trend, lagSelection: selection)
        }
        #expect(throws: UndefinedStatistic.tooFew) {
            try EngleGranger(y: x, x: y, trend: trend, lagSelection: selection)
        }
        #expect(throws: UndefinedStatistic.tooFew) { try MutualCointegration(y: y, x: x) }
        #expect(throws: UndefinedStatistic.tooFew) { try MutualCointegration(y: x, x: y) }
    }

    @Test("The results of twenty rows equal statsmodels")
    func twentyRowsDefined() throws {
        let (y, x) = Self.twenty
        let references: [(TrendTerms, statistic: Double, pValue: Double)] = [
            (.noConstant, -2.147292406716195, 0.18412981443016507),
            (.constant, -2.54066582657251, 0.2614346313569837),
            (.constantAndTrend, -4.659629029044357, 0.0031790541847841348),
            (.constantTrendAndSquare, -1.9351907793002987, 0.9200863024346342),
        ]
        for reference in references {
            let test = try EngleGranger(y: y, x: x, trend: reference.0, lagSelection: .tStatistic)
            #expect(abs(test.statistic - reference.statistic) < 1e-8)
            #expect(abs(test.pValue - reference.pValue) < 1e-8)
        }
        let legs = try (y: AugmentedDickeyFuller(y), x: AugmentedDickeyFuller(x))
        #expect([legs.y.lags, legs.x.lags] == [8, 8])
        #expect(abs(legs.y.statistic + 1.4890710246009011) < 1e-8)
        #expect(abs(legs.x.statistic + 1.269183181053345) < 1e-8)
    }

    @Test("The golden pair equals statsmodels in both directions", .enabled(if: GoldenPair.isPresent))
    func golden() throws {
        let golden = try GoldenPair.load()
        #expect(!golden.coint.isEmpty)
        for (key, reference) in golden.coint {
            let parts = key.split(separator: "|").map(String.init)
            let swapped = parts[0] == "x~y"
            let test = try EngleGranger(
                y: swapped ? golden.x : golden.y,
                x: swapped ? golden.y : golden.x,
                trend: #require(TrendTerms(rawValue: parts[1])),
                lagSelection: #require(LagSelection(rawValue: parts[2].lowercased()))
            )
            #expect(abs(test.statistic - reference.statistic) < 1e-7, "\(key)")
            #expect(abs(test.pValue - reference.pValue) < 1e-7, "\(key)")
            let five = try #require(test.criticalValues?.fivePercent)
            #expect(abs(five - reference.critical[1]) < 1e-12, "\(key)")
        }
    }

    @Test("Stata's egranger on consumption and income", .enabled(if: PublishedCases.isPresent))
    func published() throws {
        let published = try PublishedCases.load()
        #expect(!published.cases.engleGranger.isEmpty)
        for reference in published.cases.engleGranger {
            let test = try EngleGranger(
                y: published.series(reference.y),
                x: published.series(reference.x),
                trend: #require(TrendTerms(rawValue: reference.trend)),
                lagSelection: .fixed,
                maximumLag: reference.lags
            )
            #expect(abs(test.statistic - reference.stat) < 1e-6)
        }
    }

    @Test("On independent walks it rejects at about its level; plain Dickey-Fuller on the residual rejects far more")
    func size() throws {
        var random = SeededRandom(seed: 42)
        let trials = 400
        var cointegrated = 0
        var naive = 0
        for _ in 0..<trials {
            let (x, y) = (random.walk(250), random.walk(250))
            if try EngleGranger(y: y, x: x).pValue < 0.05 { cointegrated += 1 }
            let fit = try LinearFit(PairMoments(x: x, y: y))
            let residual = zip(x, y).map { fit.residual(x: $0, y: $1) }
            if try AugmentedDickeyFuller(residual).pValue < 0.05 { naive += 1 }
        }
        // Binomial bounds of four standard deviations about 5.4 % and 15 %.
        #expect((4...40).contains(cointegrated))
        #expect((32...90).contains(naive))
    }
}
