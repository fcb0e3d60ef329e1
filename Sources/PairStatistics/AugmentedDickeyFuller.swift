import RealModule

/// The augmented Dickey-Fuller test. Null hypothesis: the series has a unit root (it does not revert).
///
/// Said and Dickey 1984; lag choice, samples and tables as statsmodels 0.15 `adfuller`, to which it is equal within
/// 1e-8. p-values from MacKinnon 1994, critical values from MacKinnon 2010. On the residual of an estimated regression
/// these tables reject far too often: use `EngleGranger` there.
///
/// ```swift
/// let test = try AugmentedDickeyFuller(spread, trend: .constant, lagSelection: .aic)
/// let rejectsUnitRoot = test.pValue < 0.05
/// ```
public struct AugmentedDickeyFuller: Sendable, Equatable {
    /// t statistic of the lagged level.
    public let statistic: Double
    /// Asymptotic p-value: a small one is evidence against a unit root.
    public let pValue: Double
    /// Lagged differences in the regression.
    public let lags: Int
    /// Rows of that regression: length of the series less lags less one.
    public let observations: Int
    /// What the statistic must fall below to reject, for a sample of `observations`.
    public let criticalValues: CriticalValues

    /// Tests a series, oldest value first, without gaps.
    ///
    /// Without a `maximumLag` it is ⌈12·(n/100)^¼⌉, at most n/2 - 1 - number of trend terms. Lags are compared on one
    /// common sample and the chosen model is fitted again on the longest sample it allows. It has a result wherever
    /// statsmodels has one, except for two kinds of regressions, which every information criterion prefers:
    ///
    /// - With as many terms as rows, where statsmodels returns 0. Without a constant and a `maximumLag`, it is chosen
    ///   whenever n is even and at most 20.
    /// - With a residual of rounding noise, where statsmodels returns about -1e12. Of several models with such a
    ///   residual on the common sample, the one with the fewest lags is chosen; it is refused where none is left on the
    ///   longest either.
    ///
    /// The caller decides how many observations are enough.
    ///
    /// - Throws: `tooFew` when the series is too short for the trend terms or holds a value that is not finite, or when
    ///   the chosen regression leaves no degree of freedom, `constant` when all values are the same, `invalidLag` when
    ///   `maximumLag` is negative or above the bound, `collinear` when levels follow from the other terms or the chosen
    ///   regression's residual is rounding noise.
    public init(
        _ series: [Double],
        trend: TrendTerms = .constant,
        lagSelection: LagSelection = .aic,
        maximumLag: Int? = nil
    ) throws(UndefinedStatistic) {
        try self.init(
            series,
            magnitude: Finiteness.magnitude(series),
            trend: trend,
            lagSelection: lagSelection,
            maximumLag: maximumLag
        )
    }

    /// Tests a series that was computed from numbers as large as `magnitude` and holds their rounding.
    init(
        _ series: [Double],
        magnitude: Double,
        trend: TrendTerms,
        lagSelection: LagSelection,
        maximumLag: Int?
    ) throws(UndefinedStatistic) {
        let lagBound = series.count / 2 - trend.columns - 1
        guard lagBound >= 0, Finiteness.holds(series) else { throw .tooFew }
        guard series.contains(where: { $0 != series[0] }) else { throw .constant }
        let longest = maximumLag ?? min(lagBound, Self.schwertLag(series.count))
        guard longest >= 0, longest <= lagBound else { throw .invalidLag }

        let regression = try DickeyFullerRegression(series, magnitude: magnitude, trend: trend)
        let lags: Int
        if lagSelection == .fixed {
            lags = longest
        } else {
            let candidates = regression.fit(lags: longest, level: .beforeLags)
            lags = Self.choose(
                lagSelection,
                among: candidates,
                longest: longest,
                firstModel: trend.columns + 1,
                rounding: regression.rounding
            )
        }

        let columns = trend.columns + 1 + lags
        let final = regression.fit(lags: lags, level: .last)
        guard !final.dependentColumns.contains(columns - 1) else { throw .collinear }
        // Its standard error would be infinite.
        guard final.degreesOfFreedom(columns: columns) > 0 else { throw .tooFew }
        guard !final.isExact(columns: columns, rounding: regression.rounding) else { throw .collinear }
        let surface = MacKinnonSurface.ofSeries(trend)
        guard let criticalValues = surface.criticalValues(observations: final.rows) else { throw .tooFew }
        statistic = final.tStatisticOfLast(columns: columns)
        pValue = surface.pValue(statistic)
        self.lags = lags
        observations = final.rows
        self.criticalValues = criticalValues
    }

    /// Schwert's 1989 rule, rounded up as statsmodels does.
    private static func schwertLag(_ count: Int) -> Int {
        Int((12 * (Double(count) / 100).squareRoot().squareRoot()).rounded(.up))
    }

    /// Number of lags by the given rule. Model p has the first `firstModel + p` columns. Of models that leave nothing
    /// but rounding, all rules prefer the one with the fewest lags: rounding must not choose among them.
    private static func choose(
        _ selection: LagSelection,
        among fits: NestedRegression,
        longest: Int,
        firstModel: Int,
        rounding: Double
    ) -> Int {
        func isExact(_ columns: Int) -> Bool { fits.isExact(columns: columns, rounding: rounding) }
        if selection == .tStatistic {
            let significant = (0...longest).last { lag in
                let columns = firstModel + lag
                guard fits.degreesOfFreedom(columns: columns) > 0, !isExact(columns - 1) else { return false }
                return isExact(columns) || abs(fits.tStatisticOfLast(columns: columns)) >= Normal.quantile95
            }
            return significant ?? 0
        }
        let rows = Double(fits.rows)
        let penalty = selection == .bic ? Double.log(rows) : 2
        var best = (criterion: Double.infinity, lag: 0)
        for lag in 0...longest {
            let columns = firstModel + lag
            // With as many columns as rows the residual is 0 apart from rounding.
            let isPerfect = fits.degreesOfFreedom(columns: columns) == 0 || isExact(columns)
            let residual = isPerfect ? 0 : fits.squaredResiduals[columns]
            let criterion = rows * Double.log(residual / rows) + penalty * Double(fits.rank(columns: columns))
            if criterion < best.criterion { best = (criterion, lag) }
        }
        return best.lag
    }
}
