import Testing

@testable import PairStatistics

@Suite("Parity with statsmodels and arch", .enabled(if: ParityCases.path != nil))
struct ParityTests {
    private let cases: ParityCases

    init() throws {
        cases = try ParityCases.load(#require(ParityCases.path))
    }

    /// Differences from statsmodels count where statsmodels itself is within 5e-9 of the long double solution.
    private struct UnitRootDifferences: CustomStringConvertible {
        var statistic = LargestDifference()
        var extended = LargestDifference()
        var pValue = LargestDifference()
        var critical = LargestDifference()
        var count = 0
        var inaccurateReferences = 0

        mutating func compare(
            _ ours: (statistic: Double, pValue: Double, criticalValues: CriticalValues?),
            _ reference: (statistic: Double, extended: Double, pValue: Double, critical: [Double]?),
            _ place: String
        ) {
            extended.compareAbsolute(ours.statistic, reference.extended, place)
            count += 1
            if abs(reference.statistic - reference.extended) > 5e-9 {
                inaccurateReferences += 1
            } else {
                statistic.compareAbsolute(ours.statistic, reference.statistic, place)
                pValue.compareAbsolute(ours.pValue, reference.pValue, place)
            }
            #expect((ours.criticalValues == nil) == (reference.critical == nil), "\(place)")
            guard let ours = ours.criticalValues, let theirs = reference.critical else { return }
            critical.compareAbsolute(ours.onePercent, theirs[0], place)
            critical.compareAbsolute(ours.fivePercent, theirs[1], place)
            critical.compareAbsolute(ours.tenPercent, theirs[2], place)
        }

        /// - Parameter count: how many references at least must have been good enough to compare with.
        func expectSmall(count least: Int) {
            #expect(count - inaccurateReferences >= least)
            // Far more would mean that ours and the long double solution are both of something else.
            #expect(5 * inaccurateReferences <= count)
            #expect(statistic.value <= 1e-8)
            #expect(extended.value <= 1e-8)
            #expect(pValue.value <= 1e-8)
            #expect(critical.value <= 1e-8)
        }

        var description: String {
            """
            statistic from statsmodels: \(statistic)
              from long double: \(extended)
              p-value: \(pValue)
              critical values: \(critical)
              left out, where statsmodels is off by more than 5e-9 itself: \(inaccurateReferences)
            """
        }
    }

    @Test("Dickey-Fuller equals statsmodels: lags and observations exactly, numbers to 1e-8")
    func dickeyFuller() throws {
        var differences = UnitRootDifferences()
        for entry in cases.adf {
            for reference in entry.cases {
                let place = "\(entry.name), \(reference.trend), \(reference.selection)"
                let test = try AugmentedDickeyFuller(
                    entry.series,
                    trend: #require(TrendTerms(rawValue: reference.trend)),
                    lagSelection: #require(LagSelection(rawValue: reference.selection)),
                    maximumLag: reference.maximumLag
                )
                #expect(test.lags == reference.lags, "\(place)")
                #expect(test.observations == reference.observations, "\(place)")
                differences.compare(
                    (test.statistic, test.pValue, test.criticalValues),
                    (reference.statistic, reference.extendedStatistic, reference.pvalue, reference.critical),
                    place
                )
            }
        }
        print("parity, seed \(cases.seed), \(cases.versions)\nDickey-Fuller \(differences)")
        differences.expectSmall(count: 2000)
    }

    @Test("Engle-Granger equals statsmodels in both directions to 1e-8")
    func engleGranger() throws {
        var differences = UnitRootDifferences()
        for pair in cases.pairs {
            for reference in pair.engleGranger {
                let place = "\(pair.name), \(reference.trend), \(reference.selection), swapped \(reference.swapped)"
                let (y, x) = reference.swapped ? (pair.x, pair.y) : (pair.y, pair.x)
                let trend = try #require(TrendTerms(rawValue: reference.trend))
                let selection = try #require(LagSelection(rawValue: reference.selection))
                guard let expected = reference.statistic else {
                    #expect(throws: UndefinedStatistic.collinear, "\(place)") {
                        try EngleGranger(y: y, x: x, trend: trend, lagSelection: selection)
                    }
                    continue
                }
                let test = try EngleGranger(y: y, x: x, trend: trend, lagSelection: selection)
                #expect(test.lags == reference.lags, "\(place)")
                differences.compare(
                    (test.statistic, test.pValue, test.criticalValues),
                    (expected, reference.extendedStatistic, reference.pvalue, reference.critical),
                    place
                )
            }
        }
        print("Engle-Granger \(differences)")
        differences.expectSmall(count: 500)
    }

    @Test("Slope, its standard error and R² equal statsmodels to 1e-8")
    func regression() throws {
        var difference = LargestDifference()
        for pair in cases.pairs {
            let fit = try LinearFit(PairMoments(x: pair.x, y: pair.y))
            difference.compareRelative(fit.slope, pair.regression.slope, "\(pair.name), slope")
            difference.compareRelative(fit.slopeStandardError, pair.regression.slopeError, "\(pair.name), error")
            difference.compareAbsolute(fit.rSquared, pair.regression.rSquared, "\(pair.name), R²")
        }
        print("regression: \(difference)")
        #expect(difference.value <= 1e-8)
    }

    @Test("The least-squares half-life and its standard error equal those of statsmodels' autoregression to 1e-8")
    func halfLife() throws {
        var difference = LargestDifference()
        for pair in cases.pairs {
            guard let reference = pair.halfLife else {
                let autoregression = try Autoregression(pair.spread)
                let reason: UndefinedStatistic = autoregression.persistence > 0 ? .notReverting : .fasterThanBar
                #expect(throws: reason) { try autoregression.halfLife() }
                continue
            }
            let halfLife = try Autoregression(pair.spread).halfLife()
            difference.compareRelative(halfLife.bars, reference.bars, "\(pair.name), bars")
            difference.compareRelative(halfLife.standardError, reference.standardError, "\(pair.name), error")
        }
        print("half-life: \(difference)")
        #expect(difference.value <= 1e-8)
    }

    @Test("Newey-West errors equal statsmodels to 1e-8")
    func neweyWest() throws {
        var difference = LargestDifference()
        for pair in cases.pairs {
            let automatic = try NeweyWest(x: pair.x, y: pair.y)
            let seven = try NeweyWest(x: pair.x, y: pair.y, lags: 7)
            difference.compareRelative(automatic.slopeStandardError, pair.regression.hacError, pair.name)
            difference.compareRelative(seven.slopeStandardError, pair.regression.hacErrorSeven, "\(pair.name), 7 lags")
        }
        print("Newey-West: \(difference)")
        #expect(difference.value <= 1e-8)
    }

    @Test("KPSS equals statsmodels: lags exactly, numbers to 1e-8")
    func kpss() throws {
        var difference = LargestDifference()
        for pair in cases.pairs {
            for reference in pair.kpss {
                let place = "\(pair.name), \(reference.trend), automatic \(reference.automatic)"
                let trend = try #require(KPSS.Trend(rawValue: reference.trend))
                let test = try KPSS(pair.spread, trend: trend, lags: reference.automatic ? nil : reference.lags)
                #expect(test.lags == reference.lags, "\(place)")
                difference.compare(test.statistic, reference.statistic, place)
                difference.compare(test.pValue, reference.pvalue, "\(place), p-value")
            }
        }
        print("KPSS: \(difference)")
        #expect(difference.value <= 1e-8)
    }

    @Test("Variance ratios equal arch to 1e-8")
    func varianceRatio() throws {
        var difference = LargestDifference()
        for pair in cases.pairs {
            for reference in pair.varianceRatio {
                let test = try VarianceRatio(
                    pair.y,
                    periods: reference.periods,
                    hasDrift: reference.trend == "c",
                    isRobust: reference.robust,
                    isDebiased: reference.debiased
                )
                let place = "\(pair.name), \(reference.periods) periods, \(reference.trend)"
                difference.compare(test.ratio, reference.ratio, place)
                difference.compare(test.statistic, reference.statistic, "\(place), statistic")
                difference.compare(test.pValue, reference.pvalue, "\(place), p-value")
            }
        }
        print("variance ratio: \(difference)")
        #expect(difference.value <= 1e-8)
    }

    @Test("Huber's regression equals statsmodels, Theil-Sen equals scipy, to 1e-8")
    func robust() throws {
        var difference = LargestDifference()
        for pair in cases.pairs {
            let huber = try HuberRegression(x: pair.x, y: pair.y)
            difference.compareRelative(huber.slope, pair.robust.huberSlope, "\(pair.name), Huber")
            difference.compareRelative(huber.scale, pair.robust.huberScale, "\(pair.name), scale")
            if let slope = pair.robust.theilSenSlope {
                let theilSen = try TheilSen(x: pair.x, y: pair.y)
                difference.compareRelative(theilSen.slope, slope, "\(pair.name), Theil-Sen")
            }
        }
        print("robust: \(difference)")
        #expect(difference.value <= 1e-8)
    }
}
