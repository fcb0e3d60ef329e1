import RealModule

/// Standard error of the slope of a cointegrating regression that holds in windows of tens of half-lives, not of
/// thousands: for a spread that is a first-order autoregression, with or without bid-ask bounce in the legs.
///
/// The interval slope ± 1.96·error is meant to miss the true slope in 5 %.
///
/// - The variance is that of least squares under an AR(1) error, σ²·x̃'Ωx̃/(Σx̃²)², with σ² scaled so that the sum of
///   squared residuals is unbiased, and widened to Student's t with Satterthwaite's degrees of freedom (Bell and
///   McCaffrey 2002, "Bias reduction in standard errors for linear regression with multi-stage samples", Survey
///   Methodology 28).
/// - It is averaged over the persistence's 5, 50 and 95 % points of ``MedianUnbiasedPersistence`` (Andrews 1993) with
///   the weights of Keefer and Bodily 1983, "Three-point approximations for continuous random variables", Management
///   Science 29. It is finite where the persistence is 1, as for the slope between two random walks.
/// - Where the changes of a leg show bid-ask bounce, its variance is that of Roll 1984, "A simple implicit measure of
///   the effective bid-ask spread in an efficient market", J. Finance 39. It is removed from the autoregression, and
///   the bias of the slope by bounce in x widens the interval by the critical value of Armstrong and Kolesár 2018,
///   "Optimal inference in a class of regression models", Econometrica 86.
///
/// It assumes that the spread's innovations do not follow those of x.
public struct RobustSlopeError: Sendable, Equatable {
    /// Half the width of the 95 % interval around the least-squares slope, over 1.96; in the unit of the slope.
    public let slopeStandardError: Double
    /// Median-unbiased autoregressive coefficient of the residual without bounce, 0 to 1.
    public let persistence: Double
    /// Share of the variance of x that is bounce, by which the slope is too small; 0 without bounce, at most 0.9.
    let attenuation: Double

    /// The error of the slope of y on x with an intercept, over a sample without gaps, oldest pair first.
    ///
    /// - Parameters:
    ///   - x: the regressor, a leg's log prices.
    ///   - y: the response, as long as x.
    /// - Throws: what `LinearFit` throws, `tooFew` when the lengths differ or below 20 pairs, `collinear` when R² ≥
    ///   1 - 1.5e-6.
    public init(x: [Double], y: [Double]) throws(UndefinedStatistic) {
        guard x.count == y.count else { throw .tooFew }
        let fit = try LinearFit(PairMoments(x: x, y: y))
        guard !fit.isCollinear else { throw .collinear }
        let autoregression = try Autoregression(zip(x, y).map { fit.residual(x: $0, y: $1) })

        let bounceX = Self.bounce(x)
        let bounce = Self.bounce(y) + fit.slope * fit.slope * bounceX
        let variance = fit.squaredResiduals / Double(x.count)
        let bounceShare = min(Self.mostBounceOfResidual, bounce / variance)
        let unbiased = try MedianUnbiasedPersistence(
            autoregression,
            slope: min(0, (1 + autoregression.slope) / (1 - bounceShare) - 1),
            origin: .residual
        )
        persistence = unbiased.persistence

        let deviations = x.map { $0 - fit.meanX }
        var longRun = bounceShare * variance
        for (persistence, weight) in [(unbiased.lower, 0.185), (persistence, 0.63), (unbiased.upper, 0.185)] {
            let parts = AutoregressiveVariance(deviations: deviations, persistence: persistence)
            let widening = Self.studentQuantile975(parts.freedom) / Normal.quantile975
            let innovation = (1 - bounceShare) * fit.squaredResiduals / parts.ofResiduals
            longRun += weight * widening * widening * innovation * parts.ofSlope
        }
        let error = (longRun / fit.sumXX).squareRoot()
        attenuation = min(Self.mostBounceOfRegressor, bounceX * Double(x.count) / fit.sumXX)
        let bias = fit.slope.magnitude * attenuation / (1 - attenuation)
        slopeStandardError = error * Self.biasAwareQuantile(bias / error) / Normal.quantile975
        guard slopeStandardError.isFinite else { throw .tooFew }
    }

    // Shares near 1 would divide by an estimate of 0.
    private static let mostBounceOfResidual = 0.95
    private static let mostBounceOfRegressor = 0.9

    /// Variance of the bounce of a leg: the first autocovariance of its changes, sign reversed, where it is below 0 at
    /// the 0.5 % level; 0 elsewhere, so that its sampling error has no effect in a market without bounce.
    private static func bounce(_ prices: [Double]) -> Double {
        let changes = zip(prices.dropFirst(), prices).map { $0 - $1 }
        let count = Double(changes.count)
        let mean = changes.reduce(0, +) / count
        var previous = 0.0
        var (squares, products) = (0.0, 0.0)
        for change in changes {
            let deviation = change - mean
            squares += deviation * deviation
            products += deviation * previous
            previous = deviation
        }
        return products * count.squareRoot() < -2.5758 * squares ? -products / count : 0
    }

    /// 97.5 % quantile of Student's t (Abramowitz and Stegun 26.7.5), to 0.2 % from 5 degrees of freedom on.
    private static func studentQuantile975(_ freedom: Double) -> Double {
        let z = Normal.quantile975
        let square = z * z
        let first = z * (square + 1) / 4
        let second = z * ((5 * square + 16) * square + 3) / 96
        let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
        return z + (first + (second + third / freedom) / freedom) / freedom
    }

    /// 95 % quantile of |N(bias, 1)|.
    private static func biasAwareQuantile(_ bias: Double) -> Double {
        guard bias > 0 else { return Normal.quantile975 }
        var (low, high) = (bias, bias + 2)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            let share = Normal.cumulative(middle - bias) - Normal.cumulative(-middle - bias)
            if share < 0.95 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
