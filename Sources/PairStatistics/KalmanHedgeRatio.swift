/// A hedge ratio and intercept that move: a Kalman filter with both as random walks.
///
/// State-space model y = α + β·(x - anchor) + v of Montana et al. 2009 and Chan 2013, with three changes that make it
/// stable on real price scales, where the filter absorbs every shock within one bar with the textbook's fixed noise: x
/// is taken about an anchor that follows it, the observation variance is estimated from the innovations, and the state
/// noise is set from it so that the filter has a memory of about `memory` bars. Covariances are updated in Joseph's
/// form.
///
/// ```swift
/// var filter = try KalmanHedgeRatio(startingFrom: LinearFit(window.levels), memory: 240)
/// let innovation = filter.update(x: x, y: y)
/// ```
public struct KalmanHedgeRatio: Sendable, Equatable {
    /// The difference between a new pair and its forecast.
    public struct Innovation: Sendable, Equatable {
        /// y less its forecast, in the unit of y.
        let spread: Double
        /// The spread over its forecast standard deviation.
        let zScore: Double
    }

    /// Hedge ratio: units of y per unit of x.
    public private(set) var slope: Double
    /// Variance of the observation noise, in the unit of y squared.
    private(set) var observationVariance: Double

    /// Value of the line at the anchor.
    private var level: Double
    private var anchor: Double
    private let gain: Double
    private let startVarianceX: Double
    private var varianceX: Double
    /// Covariance of (level, slope).
    private var levelVariance: Double
    private var covariance: Double
    private var slopeVariance: Double

    /// Starts from a least-squares fit and its uncertainty.
    ///
    /// - Parameters:
    ///   - fit: where to start.
    ///   - memory: bars after which the past has lost most of its weight, above 1.
    /// - Throws: `collinear` when the fit leaves no residual to estimate noise from, `tooFew` when `memory` is not a
    ///   finite number above 1.
    public init(startingFrom fit: LinearFit, memory: Double) throws(UndefinedStatistic) {
        guard memory > 1, memory.isFinite else { throw .tooFew }
        guard fit.squaredResiduals > 0, !fit.isCollinear else { throw .collinear }
        let n = Double(fit.observations)
        slope = fit.slope
        level = fit.meanY
        anchor = fit.meanX
        gain = 1 / memory
        startVarianceX = fit.sumXX / n
        varianceX = startVarianceX
        observationVariance = fit.residualVariance
        levelVariance = fit.residualVariance / n
        covariance = 0
        slopeVariance = fit.residualVariance / fit.sumXX
    }

    /// Value of the line at x = 0, in the unit of y.
    var intercept: Double { level - slope * anchor }

    /// Standard deviation of the slope's estimate.
    var slopeStandardError: Double { slopeVariance.squareRoot() }

    /// Updates the state by the next pair.
    /// - Returns: its innovation; nil, with the state unchanged, when a value is not finite or far out of range.
    public mutating func update(x: Double, y: Double) -> Innovation? {
        var next = self
        guard let innovation = next.advance(x: x, y: y), next.isFinite else { return nil }
        self = next
        return innovation
    }

    private mutating func advance(x: Double, y: Double) -> Innovation? {
        // State noise for a steady gain of about 1/memory in each direction.
        let drift = observationVariance * gain * gain
        let r00 = levelVariance + drift
        let r01 = covariance
        let r11 = slopeVariance + drift / max(varianceX, startVarianceX)

        let distance = x - anchor
        let toLevel = r00 + r01 * distance
        let toSlope = r01 + r11 * distance
        let forecastVariance = toLevel + toSlope * distance + observationVariance
        let spread = (y - level) - slope * distance
        let innovation = Innovation(spread: spread, zScore: spread / forecastVariance.squareRoot())
        guard forecastVariance > 0, innovation.zScore.isFinite else { return nil }
        let (k0, k1) = (toLevel / forecastVariance, toSlope / forecastVariance)
        level += k0 * spread
        slope += k1 * spread

        // P = (I-KF)·R·(I-KF)' + K·Ve·K': stays positive whatever rounding does.
        let (a00, a01, a10, a11) = (1 - k0, -k0 * distance, -k1, 1 - k1 * distance)
        let (b00, b01) = (a00 * r00 + a01 * r01, a00 * r01 + a01 * r11)
        let (b10, b11) = (a10 * r00 + a11 * r01, a10 * r01 + a11 * r11)
        levelVariance = b00 * a00 + b01 * a01 + k0 * k0 * observationVariance
        covariance = b00 * a10 + b01 * a11 + k0 * k1 * observationVariance
        slopeVariance = b10 * a10 + b11 * a11 + k1 * k1 * observationVariance

        // The residual left after the update times the innovation has the observation variance as its mean.
        let noise = spread * spread * (observationVariance / forecastVariance)
        observationVariance += gain * (noise - observationVariance)
        varianceX += gain * (distance * distance - varianceX)
        moveAnchor(by: gain * distance)
        return innovation
    }

    private var isFinite: Bool {
        (slope + level + anchor + observationVariance + varianceX + levelVariance + covariance + slopeVariance).isFinite
    }

    /// The same line and uncertainty, written about another x.
    private mutating func moveAnchor(by shift: Double) {
        anchor += shift
        level += slope * shift
        levelVariance += shift * (2 * covariance + shift * slopeVariance)
        covariance += shift * slopeVariance
    }
}
