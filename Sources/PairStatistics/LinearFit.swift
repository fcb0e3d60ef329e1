/// Ordinary least squares of y on x with an intercept, y = intercept + slope·x: the hedge ratio and the spread.
///
/// Everything follows in O(1) from the moments of the sample. A residual is taken about the means, so that it keeps its
/// digits when the levels are large beside the spread.
public struct LinearFit: Sendable, Equatable {
    /// Hedge ratio: units of y per unit of x (an elasticity on log prices).
    public let slope: Double
    /// Number of paired observations in the fit.
    public let observations: Int
    /// Mean of x in the sample.
    public let meanX: Double
    /// Mean of y in the sample.
    public let meanY: Double
    /// Σ(x-x̄)² of the sample.
    public let sumXX: Double
    /// Σ(y-ȳ)² of the sample.
    public let sumYY: Double
    /// SSR, the sum of squared residuals, in the unit of y squared.
    public let squaredResiduals: Double

    /// Fits the line to a sample given by its moments.
    ///
    /// - Throws: `tooFew` below three finite observations, `flatLeg` when either leg hardly moves.
    @inlinable @inline(__always)
    public init(_ moments: PairMoments) throws(UndefinedStatistic) {
        guard moments.count >= 3, moments.isFinite else { throw .tooFew }
        guard !moments.hasFlatLeg else { throw .flatLeg }
        slope = moments.sumXY / moments.sumXX
        observations = moments.count
        meanX = moments.meanX
        meanY = moments.meanY
        sumXX = moments.sumXX
        sumYY = moments.sumYY
        squaredResiduals = max(0, moments.sumYY - slope * moments.sumXY)
    }

    /// Value of the line at x = 0, in the unit of y.
    @inlinable
    public var intercept: Double { meanY - slope * meanX }

    /// Classical standard error of the slope, √(residualVariance / sumXX). It understates when residuals are
    /// autocorrelated.
    @inlinable
    public var slopeStandardError: Double { (residualVariance / sumXX).squareRoot() }

    /// Share of the variance of y explained, 0 to 1.
    @inlinable
    public var rSquared: Double { max(0, 1 - squaredResiduals / sumYY) }

    /// Pearson's r of the sample, of which the slope is a multiple; -1 to 1.
    @inlinable @inline(__always)
    public var correlation: Double {
        let ratio = sumXX / sumYY
        // Two roots where the ratio of the squares leaves the range of a Double.
        let scale = ratio.isNormal ? ratio.squareRoot() : sumXX.squareRoot() / sumYY.squareRoot()
        return min(1, max(-1, slope * scale))
    }

    /// √(SSR/(n-1)), the standard deviation of the residuals with ddof 1 (their mean is exactly 0), in the unit of y.
    @inlinable
    public var residualStandardDeviation: Double { (squaredResiduals / Double(observations - 1)).squareRoot() }

    /// SSR/(n-2), the unbiased estimate of the error variance, in the unit of y squared.
    @inlinable
    public var residualVariance: Double { squaredResiduals / Double(observations - 2) }

    /// Whether what the line leaves over is rounding noise (R² ≥ 1 - 1.5e-6), so that a z-score of it would mean nothing.
    @inlinable
    public var isCollinear: Bool { squaredResiduals <= 1.5e-6 * sumYY }

    /// Distance of a point from the line along y: the spread, in the unit of y.
    @inlinable @inline(__always)
    public func residual(x: Double, y: Double) -> Double {
        (y - meanY) - slope * (x - meanX)
    }

    /// Residual of a point of the sample over the residual standard deviation: an in-sample z, of at most
    /// (n-1)/√n in size.
    ///
    /// - Throws: `collinear` when R² ≥ 1 - 1.5e-6.
    @inlinable @inline(__always)
    public func zScore(x: Double, y: Double) throws(UndefinedStatistic) -> Double {
        guard !isCollinear else { throw .collinear }
        let score = residual(x: x, y: y) * (Double(observations - 1) / squaredResiduals).squareRoot()
        guard score.isFinite else { throw .tooFew }
        return score
    }

    /// Residual of a point outside the sample over its forecast error, e/(s·√(1 + 1/n + (x-x̄)²/Σ(x-x̄)²)).
    ///
    /// - Throws: `collinear` when R² ≥ 1 - 1.5e-6.
    @inlinable @inline(__always)
    public func forecastZScore(x: Double, y: Double) throws(UndefinedStatistic) -> Double {
        guard !isCollinear else { throw .collinear }
        let distance = x - meanX
        let leverage = 1 / Double(observations) + distance * distance / sumXX
        let score = residual(x: x, y: y) * (Double(observations - 2) / (squaredResiduals * (1 + leverage))).squareRoot()
        guard score.isFinite else { throw .tooFew }
        return score
    }
}
