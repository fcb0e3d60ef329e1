import RealModule

/// Half-life of a spread's deviations, from the autoregression Δe = c + λ·e₋₁ + u with φ = 1 + λ.
///
/// Under pure noise the estimate grows with the window (median 0.09·n), so judge it against the window's length.
public struct HalfLife: Sendable, Equatable {
    /// -ln 2 / ln φ, in bars.
    public let bars: Double
    /// Standard error of `bars` by the delta method, ln 2·se(λ)/(φ·ln²φ).
    public let standardError: Double

    /// Half-life of a series without gaps, oldest first.
    ///
    /// - Throws: `tooFew` below four finite values, `constant`, `notReverting` unless 0 < φ < 1.
    public init(_ spread: [Double]) throws(UndefinedStatistic) {
        guard spread.count >= 4 else { throw .tooFew }
        // Taken about a value of the series, so that a large level costs no digits.
        let origin = spread[0]
        var sums = PairSums()
        for index in 1..<spread.count {
            sums.add(SIMD2(spread[index - 1] - origin, spread[index] - spread[index - 1]))
        }
        try self.init(sums.moments)
    }

    /// Half-life of the residuals of `fit` over the valid slots of `window`; steps are not taken across gaps.
    /// Allocates nothing.
    ///
    /// - Throws: as `init(_:)`; too few counts the steps between adjacent valid slots.
    public init(of fit: LinearFit, over window: RollingPairWindow) throws(UndefinedStatistic) {
        var sums = PairSums()
        var previous = Double.nan
        window.forEachSlot { slot in
            let residual = fit.residual(x: slot.x, y: slot.y)
            if (residual - previous).isFinite {
                sums.add(SIMD2(previous, residual - previous))
            }
            previous = residual
        }
        try self.init(sums.moments)
    }

    /// From the moments of (e₋₁, Δe).
    private init(_ moments: PairMoments) throws(UndefinedStatistic) {
        guard moments.count >= 3, moments.isFinite else { throw .tooFew }
        guard moments.sumXX > 0 else { throw .constant }
        let slope = moments.sumXY / moments.sumXX
        guard slope > -1, slope < 0 else { throw .notReverting }
        let squaredResiduals = max(0, moments.sumYY - slope * moments.sumXY)
        let slopeError = (squaredResiduals / Double(moments.count - 2) / moments.sumXX).squareRoot()
        let logarithm = Double.log(onePlus: slope)
        bars = -Double.log(2) / logarithm
        standardError = Double.log(2) * slopeError / ((1 + slope) * logarithm * logarithm)
    }
}
