/// Ordinary least squares of y on x with an intercept, y = intercept + slope·x: the hedge ratio and the spread.
///
/// Everything follows in O(1) from the moments of the sample. A residual is taken about the means, so that it keeps its
/// digits when the levels are large beside the spread. Reference: `statsmodels.regression.linear_model.OLS`.
public struct LinearFit: Sendable, Equatable {
    /// Hedge ratio: units of y per unit of x (an elasticity on log prices).
    public let slope: Double
    /// Number of paired observations in the fit.
    public let observations: Int
    /// SSR, the sum of squared residuals, in the unit of y squared.
    public let squaredResiduals: Double
    /// Whether the residual is rounding noise (R² ≥ 1 - 1.5e-6), so that its z-score has no meaning.
    public let isCollinear: Bool
    @usableFromInline let mean: SIMD2<Double>
    @usableFromInline let squares: SIMD2<Double>
    /// One over the standard deviation of the residuals, and the standard deviation of x over that of y.
    @usableFromInline let scales: SIMD2<Double>

    /// Fits the line to a sample given by its moments.
    ///
    /// - Throws: `tooFew` below three finite observations, `flatLeg` when either leg hardly moves.
    @inlinable @inline(__always)
    public init(_ moments: PairMoments) throws(UndefinedStatistic) {
        guard moments.count >= 3, moments.bothLegsMove else {
            throw moments.count >= 3 && moments.isFinite ? .flatLeg : .tooFew
        }
        observations = moments.count
        mean = moments.mean
        squares = moments.squares
        slope = moments.sumXY / squares.x
        let product = squares.x * squares.y
        let determinant = product - moments.sumXY * moments.sumXY
        let freedom = Double(observations) - 1
        let scaled = freedom * squares.x * determinant
        if determinant > 1.5e-6 * product, scaled < .infinity {
            // The determinant is SSR·sumXX; unlike SSR from the slope it needs no division first. Nor do the roots, as
            // √(a/b) = √(ab)/b. `magnitude` shows the compiler that no radicand is negative, so that one instruction
            // computes both.
            isCollinear = false
            squaredResiduals = determinant / squares.x
            let roots = SIMD2(scaled.magnitude.squareRoot(), product.magnitude.squareRoot())
            scales = roots * (SIMD2(1, squares.x) / SIMD2(determinant, product))
        } else {
            // Here too where the product leaves the range of a Double.
            guard moments.isFinite else { throw .tooFew }
            squaredResiduals = max(0, squares.y - slope * moments.sumXY)
            isCollinear = squaredResiduals <= 1.5e-6 * squares.y
            scales = SIMD2(freedom, squares.x).squareRoot() / SIMD2(squaredResiduals, squares.y).squareRoot()
        }
    }

    /// Mean of x in the sample.
    @inlinable
    var meanX: Double { mean.x }

    /// Mean of y in the sample.
    @inlinable
    var meanY: Double { mean.y }

    /// Σ(x-x̄)² of the sample.
    @inlinable
    var sumXX: Double { squares.x }

    /// Σ(y-ȳ)² of the sample.
    @inlinable
    public var sumYY: Double { squares.y }

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
        min(1, max(-1, slope * scales.y))
    }

    /// √(SSR/(n-1)), the standard deviation of the residuals with ddof 1 (their mean is exactly 0), in the unit of y.
    @inlinable
    public var residualStandardDeviation: Double { (squaredResiduals / Double(observations - 1)).squareRoot() }

    /// SSR/(n-2), the unbiased estimate of the error variance, in the unit of y squared.
    @inlinable
    var residualVariance: Double { squaredResiduals / Double(observations - 2) }

    /// Distance of a point from the line along y: the spread, in the unit of y.
    @inlinable @inline(__always)
    public func residual(x: Double, y: Double) -> Double {
        let deviation = SIMD2(x, y) - mean
        return deviation.y - slope * deviation.x
    }

    /// Residual of a point of the sample over the residual standard deviation: an in-sample z, of at most
    /// (n-1)/√n in size.
    ///
    /// - Throws: `collinear` when R² ≥ 1 - 1.5e-6.
    @inlinable @inline(__always)
    public func zScore(x: Double, y: Double) throws(UndefinedStatistic) -> Double {
        guard !isCollinear else { throw .collinear }
        let score = residual(x: x, y: y) * scales.x
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
