import RealModule

/// Half-life of the deviations of a spread, median-unbiased, with a 90 % interval.
///
/// It is as often above the true half-life as below, where that of the least-squares autoregression is below most of
/// the time (``Autoregression/halfLife()``). Method: Andrews 1993, "Exactly median-unbiased estimation of first order
/// autoregressive/unit root models", Econometrica 61, with quantiles simulated for the residual of an estimated
/// regression (``MedianUnbiasedPersistence``).
///
/// It is that of the recorded prices: bid-ask bounce, which reverts within a bar, makes it shorter (a bounce of two
/// innovations in both legs turns 20 bars into 1.2).
public struct HalfLife: Sendable, Equatable {
    /// Median-unbiased half-life, -ln 2 / ln φ, in bars.
    public let bars: Double
    /// Lower end of the 90 % interval, in bars; 0 where it includes series that revert within one bar.
    public let lowerBars: Double
    /// Upper end of the 90 % interval, in bars.
    public let upperBars: Double
    /// Median-unbiased autoregressive coefficient φ, above 0 and below 1.
    public let persistence: Double
    /// φ as estimated by least squares, biased towards 0; it may be negative.
    let leastSquaresPersistence: Double

    /// Half-life of a series without gaps, oldest value first.
    ///
    /// O(n) time.
    ///
    /// - Parameters:
    ///   - residuals: at least 20 values.
    ///   - origin: what was estimated before; the residual of a regression is more biased than a series as observed.
    /// - Throws: `tooFew` below 20 finite values, `constant`, `fasterThanBar` when the persistence is not above 0,
    ///   `notReverting` when the upper end of the interval is unbounded: for a random walk in 95 % of cases.
    public init(
        _ residuals: [Double],
        origin: MedianUnbiasedPersistence.Origin = .residual
    ) throws(UndefinedStatistic) {
        let autoregression = try Autoregression(residuals)
        let unbiased = try MedianUnbiasedPersistence(autoregression, origin: origin)
        guard unbiased.persistence > 0 else { throw .fasterThanBar }
        guard unbiased.upper < 1 else { throw .notReverting }
        bars = unbiased.halfLife
        lowerBars = unbiased.lowerHalfLife
        upperBars = unbiased.upperHalfLife
        persistence = unbiased.persistence
        leastSquaresPersistence = autoregression.persistence
    }
}
