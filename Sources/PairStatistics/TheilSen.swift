/// The Theil-Sen line of y on x: the median of the slopes between all pairs of points. Up to 29 % of the points may be
/// arbitrarily wrong.
///
/// Theil 1950, Sen 1968; the intercept is median(y) - slope·median(x), as scipy `theilslopes`. O(n·log n).
public struct TheilSen: Sendable, Equatable {
    /// Hedge ratio: units of y per unit of x.
    public let slope: Double
    /// Value of the line at x = 0, in the unit of y.
    let intercept: Double

    /// Fits the line to paired observations.
    ///
    /// - Throws: `tooFew` below three finite pairs or when lengths differ, `flatLeg` when either leg hardly moves.
    public init(x: [Double], y: [Double]) throws(UndefinedStatistic) {
        guard x.count == y.count else { throw .tooFew }
        let moments = PairMoments(x: x, y: y)
        _ = try LinearFit(moments)
        // About the means and near 1, so that neither a high level nor an extreme scale costs digits.
        let scale = (x: PowerOfTwoScale.factor(x), y: PowerOfTwoScale.factor(y))
        let selection = SlopeSelection(
            x: x.map { ($0 - moments.meanX) * scale.x },
            y: y.map { ($0 - moments.meanY) * scale.y }
        )
        guard let median = selection.median, (median * (scale.x / scale.y)).isFinite else { throw .flatLeg }
        slope = median * (scale.x / scale.y)
        intercept = Median.of(y) - slope * Median.of(x)
    }
}
