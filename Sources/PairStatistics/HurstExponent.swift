import RealModule

/// Hurst exponent of a series: 0.5 for a random walk, below for one that reverts, above for one that trends.
///
/// Slope of ln sd(v₊τ - v) on ln τ for τ = 2 ..< `maximumLag`, as arbitragelab `get_hurst_exponent`. Noisy below some 500
/// values.
public struct HurstExponent: Sendable, Equatable {
    /// The exponent.
    public let exponent: Double

    /// Exponent of a series of levels, oldest value first, without gaps.
    ///
    /// - Throws: `invalidLag` when `maximumLag` leaves fewer than two lags (below 4), `tooFew` when the series is not
    ///   longer than `maximumLag` or holds a value that is not finite, `constant` when differences at some lag do not
    ///   vary.
    public init(_ series: [Double], maximumLag: Int = 100) throws(UndefinedStatistic) {
        guard maximumLag >= 4 else { throw .invalidLag }
        guard series.count > maximumLag, Finiteness.holds(series) else { throw .tooFew }
        let factor = PowerOfTwoScale.factor(series)
        let levels = series.map { $0 * factor }
        var logLags: [Double] = []
        var logDeviations: [Double] = []
        for lag in 2..<maximumLag {
            let differences = zip(levels.dropFirst(lag), levels).map { $0 - $1 }
            let moments = try SeriesMoments(differences)
            guard moments.standardDeviation > 0 else { throw .constant }
            let n = Double(differences.count)
            logLags.append(Double.log(Double(lag)))
            logDeviations.append(Double.log(moments.standardDeviation) + 0.5 * Double.log((n - 1) / n))
        }
        let moments = PairMoments(x: logLags, y: logDeviations)
        exponent = moments.sumXY / moments.sumXX
    }
}
