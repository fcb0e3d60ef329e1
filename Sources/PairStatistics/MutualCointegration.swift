import RealModule

/// The Engle-Granger test in both directions on the same data. Null hypothesis: y and x are not cointegrated.
///
/// Cointegration is symmetric, the test of Engle and Granger 1987 is not: a leg that reverts by itself, against a
/// random walk, rejects in one direction and not in the other. Both must reject, so the larger p-value is the pair's.
/// Directions are ``EngleGranger`` with its defaults (constant, lags by AIC).
public struct MutualCointegration: Sendable, Equatable {
    /// y regressed on x.
    public let yOnX: EngleGranger
    /// x regressed on y.
    public let xOnY: EngleGranger
    /// Values of a series.
    public let observations: Int
    /// Correlation of the one-bar changes of both legs, -1 to 1; 0 when a leg does not change.
    public let returnCorrelation: Double
    /// Probit of ``finiteSamplePValue``, with its digits where p is 0 or 1 in a Double.
    let finiteSampleProbit: Double

    /// Tests two series of one length, oldest value first, without gaps.
    ///
    /// - Throws: as ``EngleGranger``, when either direction has no statistic.
    public init(y: [Double], x: [Double]) throws(UndefinedStatistic) {
        yOnX = try EngleGranger(y: y, x: x)
        xOnY = try EngleGranger(y: x, x: y)
        observations = y.count
        returnCorrelation = Self.returnCorrelation(y, x)
        finiteSampleProbit = CointegrationNull(count: observations, correlation: returnCorrelation)
            .probit(max(yOnX.statistic, xOnY.statistic))
    }

    /// The direction with the larger p-value: the one with the larger statistic.
    public var weaker: EngleGranger {
        xOnY.statistic > yOnX.statistic ? xOnY : yOnX
    }

    /// P(larger statistic of both directions ≤ observed) for two Gaussian random walks as long as the series and with
    /// their return correlation, by simulation. Small means cointegration.
    ///
    /// MacKinnon's asymptotic p-value rejects too often in short series (6 instead of 5 % at 240 values), and ignores
    /// that both directions must reject.
    public var finiteSamplePValue: Double { Normal.cumulative(finiteSampleProbit) }

    private static func returnCorrelation(_ y: [Double], _ x: [Double]) -> Double {
        var (yy, xx, xy) = (0.0, 0.0, 0.0)
        for index in y.indices.dropFirst() {
            let (dy, dx) = (y[index] - y[index - 1], x[index] - x[index - 1])
            yy += dy * dy
            xx += dx * dx
            xy += dx * dy
        }
        let scale = yy.squareRoot() * xx.squareRoot()
        guard scale > 0, scale.isFinite else { return 0 }
        return min(1, max(-1, xy / scale))
    }
}
