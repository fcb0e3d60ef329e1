import RealModule

/// First-order autoregression with a constant by least squares, e = c + φ·e₋₁ + u.
///
/// The estimate of φ is biased towards 0, the more the closer φ is to 1: ``MedianUnbiasedPersistence`` corrects it.
/// Reference: `statsmodels.tsa.ar_model.AutoReg` with one lag.
public struct Autoregression: Sendable, Equatable {
    /// φ, the share of a deviation that is left after one bar.
    public var persistence: Double { 1 + slope }
    /// Classical standard error of φ.
    let persistenceStandardError: Double
    /// Pairs of adjacent bars in the regression.
    public let steps: Int
    /// φ - 1, estimated as such so that a persistence near 1 keeps its digits.
    let slope: Double
    /// Standard error of φ that holds under heteroskedasticity (White 1980, "A heteroskedasticity-consistent covariance
    /// matrix estimator", Econometrica 48) over the classical one.
    let heteroskedasticity: Double

    /// The autoregression of a series without gaps, oldest value first.
    ///
    /// - Throws: `tooFew` below four finite values, `constant`.
    public init(_ series: [Double]) throws(UndefinedStatistic) {
        guard series.count >= 4 else { throw .tooFew }
        // Taken about a value of the series, so that a large level costs no digits.
        let origin = series[0]
        try self.init { visit in
            for index in 1..<series.count {
                visit(SIMD2(series[index - 1] - origin, series[index] - series[index - 1]))
            }
        }
    }

    /// The autoregression of the residuals of `fit` over the valid slots of `window`; steps are not taken across gaps.
    /// Allocates nothing.
    ///
    /// - Throws: as `init(_:)`; too few counts the steps between adjacent valid slots.
    public init(of fit: LinearFit, over window: RollingMoments, of slots: PairSlots) throws(UndefinedStatistic) {
        try self.init { visit in
            var previous = Double.nan
            window.forEachSlot(of: slots) { slot in
                let residual = fit.residual(x: slot.x, y: slot.y)
                if (residual - previous).isFinite { visit(SIMD2(previous, residual - previous)) }
                previous = residual
            }
        }
    }

    /// - Parameter forEachStep: calls its argument with the pairs (e₋₁, Δe); it is called twice.
    private init(_ forEachStep: ((SIMD2<Double>) -> Void) -> Void) throws(UndefinedStatistic) {
        var sums = PairSums()
        forEachStep { sums.add($0) }
        let moments = sums.moments
        guard moments.count >= 3, moments.isFinite else { throw .tooFew }
        guard moments.sumXX > 0 else { throw .constant }
        let slope = moments.sumXY / moments.sumXX
        let squaredResiduals = max(0, moments.sumYY - slope * moments.sumXY)
        persistenceStandardError = (squaredResiduals / Double(moments.count - 2) / moments.sumXX).squareRoot()
        steps = moments.count
        var scores = 0.0
        forEachStep { step in
            let deviation = step - moments.mean
            let score = deviation.x * (deviation.y - slope * deviation.x)
            scores += score * score
        }
        let expected = squaredResiduals / Double(moments.count) * moments.sumXX
        // Without residuals, or where their squares leave the range of a Double, there is nothing to compare.
        let ratio = scores / expected
        heteroskedasticity = ratio.isFinite ? ratio.squareRoot() : 1
        self.slope = slope
        // Ratios of sums at the ends of a Double's range.
        guard slope.isFinite, persistenceStandardError.isFinite else { throw .tooFew }
    }

    /// The half-life that follows from φ as estimated, -ln 2 / ln φ in bars, and its standard error by the delta
    /// method, ln 2·se(φ)/(φ·ln²φ).
    ///
    /// It understates: at 240 bars a true half-life of 20 gives a median of 11. ``HalfLife`` does not.
    ///
    /// - Throws: `fasterThanBar` when φ ≤ 0, `notReverting` when φ ≥ 1.
    func halfLife() throws(UndefinedStatistic) -> (bars: Double, standardError: Double) {
        guard slope > -1 else { throw .fasterThanBar }
        guard slope < 0 else { throw .notReverting }
        let logarithm = Double.log(onePlus: slope)
        let standardError = Double.log(2) * persistenceStandardError / ((1 + slope) * logarithm * logarithm)
        return (-Double.log(2) / logarithm, standardError)
    }
}
