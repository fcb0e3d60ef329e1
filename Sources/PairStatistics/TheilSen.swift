/// The Theil-Sen line of y on x: the median of the slopes between all pairs of points. Up to 29 % of the points may be
/// arbitrarily wrong.
///
/// Theil 1950, Sen 1968; the intercept is median(y) - slope·median(x), as scipy `theilslopes`. Takes O(n²) time and
/// memory: half a million slopes for a thousand points.
public struct TheilSen: Sendable, Equatable {
    /// Hedge ratio: units of y per unit of x.
    public let slope: Double
    /// Value of the line at x = 0, in the unit of y.
    public let intercept: Double

    /// Fits the line to paired observations.
    ///
    /// - Throws: `tooFew` below three finite pairs or when lengths differ, `flatLeg` when either leg hardly moves.
    public init(x: [Double], y: [Double]) throws(UndefinedStatistic) {
        guard x.count == y.count else { throw .tooFew }
        _ = try LinearFit(PairMoments(x: x, y: y))
        let count = x.count
        let slopes = [Double](unsafeUninitializedCapacity: count * (count - 1) / 2) { buffer, used in
            for first in 0..<count {
                let (x0, y0) = (x[first], y[first])
                for second in (first + 1)..<max(first + 1, count) where x[second] != x0 {
                    buffer.initializeElement(at: used, to: (y[second] - y0) / (x[second] - x0))
                    used += 1
                }
            }
        }
        slope = Median.of(slopes)
        guard slope.isFinite else { throw .flatLeg }
        intercept = Median.of(y) - slope * Median.of(x)
    }
}
