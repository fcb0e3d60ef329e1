/// The Engle-Granger test. Null hypothesis: y and x are not cointegrated.
///
/// Engle and Granger 1987, as statsmodels 0.15 `coint`: y is regressed on x and the trend terms, and the residual is
/// tested by a Dickey-Fuller regression without constant. As least squares makes the residual as stationary as
/// possible, its statistic is read from MacKinnon's surfaces for two series. The test is not symmetric in y and x.
public struct EngleGranger: Sendable, Equatable {
    /// Dickey-Fuller t statistic of the residual.
    public let statistic: Double
    /// Asymptotic p-value (MacKinnon 1994, two series): a small one is evidence of cointegration.
    public let pValue: Double
    /// Lagged differences in the residual's regression.
    public let lags: Int
    /// What the statistic must fall below to reject (MacKinnon 2010, two series); nil without a constant, for which
    /// there is no table.
    public let criticalValues: CriticalValues?

    /// Tests two series of one length, oldest value first, without gaps.
    ///
    /// - Parameters:
    ///   - y: the dependent series.
    ///   - x: the regressor.
    ///   - trend: deterministic terms of the cointegrating regression.
    ///   - lagSelection: how the lags of the residual's regression are chosen.
    ///   - maximumLag: as for `AugmentedDickeyFuller`.
    /// - Throws: `tooFew` when the series are too short, differ in length or hold a value that is not finite, or when
    ///   the residual's regression leaves no degree of freedom (see `AugmentedDickeyFuller`), `flatLeg` when a leg is
    ///   constant (or follows the trend terms exactly), `collinear` when R² ≥ 1 - 100·√ε or the residual's regression
    ///   leaves only rounding noise, `invalidLag` as `AugmentedDickeyFuller`.
    public init(
        y: [Double],
        x: [Double],
        trend: TrendTerms = .constant,
        lagSelection: LagSelection = .aic,
        maximumLag: Int? = nil
    ) throws(UndefinedStatistic) {
        guard y.count == x.count, y.count >= trend.columns + 3 else { throw .tooFew }
        guard Finiteness.holds(y), Finiteness.holds(x) else { throw .tooFew }
        let (residual, magnitude) = try Self.residual(y: y, x: x, trend: trend)
        let test = try AugmentedDickeyFuller(
            residual,
            magnitude: magnitude,
            trend: .noConstant,
            lagSelection: lagSelection,
            maximumLag: maximumLag
        )
        let surface = MacKinnonSurface.ofResidual(trend)
        statistic = test.statistic
        pValue = surface.pValue(test.statistic)
        lags = test.lags
        criticalValues = surface.criticalValues(observations: y.count - 1)
    }

    /// Residual of y on x and the trend terms, with the terms first removed from both (Frisch, Waugh and Lovell), and
    /// the size of the numbers it was computed from.
    private static func residual(
        y: [Double],
        x: [Double],
        trend: TrendTerms
    ) throws(UndefinedStatistic) -> (values: [Double], magnitude: Double) {
        var (restY, restX) = (y, x)
        let magnitude = (x: sumOfProducts(x, x), y: sumOfProducts(y, y))
        let total = trend == .noConstant ? magnitude.y : PairMoments(x: x, y: y).sumYY
        _ = PolynomialTrend.remove(columns: trend.columns, from: &restY)
        _ = PolynomialTrend.remove(columns: trend.columns, from: &restX)
        let squares = sumOfProducts(restX, restX)
        let rounding = 1e-28
        guard squares > rounding * magnitude.x, sumOfProducts(restY, restY) > rounding * magnitude.y else {
            throw .flatLeg
        }
        let slope = sumOfProducts(restX, restY) / squares
        for index in restY.indices { restY[index] -= slope * restX[index] }
        // statsmodels' bound, below which it returns a statistic of minus infinity.
        guard sumOfProducts(restY, restY) > 100 * Double.ulpOfOne.squareRoot() * total else { throw .collinear }
        return (restY, Finiteness.magnitude(y) + abs(slope) * Finiteness.magnitude(x))
    }

    private static func sumOfProducts(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
                return VectorProducts.dot(first, second, count: min(a.count, b.count))
            }
        }
    }
}
