/// Total least squares of y and x: the line that is nearest to the points at a right angle. Symmetric: swapping the
/// legs inverts the slope.
///
/// Deming regression with equal error variances, from the moments of the sample. It depends on the units of the legs;
/// log prices share one.
public struct TotalLeastSquares: Sendable, Equatable {
    /// Hedge ratio: units of y per unit of x.
    public let slope: Double
    /// Value of the line at x = 0, in the unit of y.
    let intercept: Double

    /// Fits the line to a sample given by its moments.
    ///
    /// - Throws: `tooFew` below three finite observations, `flatLeg` when either leg hardly moves or the nearest line
    ///   is parallel to the y axis.
    public init(_ moments: PairMoments) throws(UndefinedStatistic) {
        guard moments.count >= 3, moments.isFinite else { throw .tooFew }
        guard !moments.hasFlatLeg else { throw .flatLeg }
        let difference = moments.sumYY - moments.sumXX
        let product = 2 * moments.sumXY
        let root = (difference * difference + product * product).squareRoot()
        // The two forms of the same root; each cancels where the other does not.
        slope = difference > 0 ? (difference + root) / product : product / (root - difference)
        guard slope.isFinite else { throw .flatLeg }
        intercept = moments.meanY - slope * moments.meanX
    }
}
