import RealModule

/// Standard error of a hedge ratio that holds when the spread is autocorrelated and heteroskedastic.
///
/// Newey and West 1987 with Bartlett weights and no small-sample factor, as statsmodels
/// `OLS.fit(cov_type="HAC", cov_kwds={"maxlags": None})`.
public struct NeweyWest: Sendable, Equatable {
    /// Standard error of the slope, in its unit.
    public let slopeStandardError: Double
    /// Autocovariances used.
    public let lags: Int

    /// The error of the slope of y on x with an intercept, over a sample without gaps, oldest pair first.
    ///
    /// - Parameters:
    ///   - x: the regressor.
    ///   - y: the response, as long as x.
    ///   - lags: autocovariances to use; nil means ⌊4·(n/100)^(2/9)⌋.
    /// - Throws: what `LinearFit` throws, `tooFew` when the lengths differ, `invalidLag` when `lags` is negative or not
    ///   below n.
    public init(x: [Double], y: [Double], lags: Int? = nil) throws(UndefinedStatistic) {
        guard x.count == y.count else { throw .tooFew }
        let fit = try LinearFit(PairMoments(x: x, y: y))
        let n = Double(x.count)
        let lags = lags ?? Int((4 * Double.pow(n / 100, 2.0 / 9)).rounded(.down))
        guard lags >= 0, lags < x.count else { throw .invalidLag }
        let scores = zip(x, y).map { ($0 - fit.meanX) * fit.residual(x: $0, y: $1) }
        let spectral = BartlettKernel.longRunSum(scores, lags: lags)
        slopeStandardError = max(0, spectral).squareRoot() / fit.sumXX
        self.lags = lags
    }
}
