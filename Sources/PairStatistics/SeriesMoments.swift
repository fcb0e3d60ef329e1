/// Mean, standard deviation and first autocorrelation of one series.
///
/// The corrected two-pass algorithm (Chan, Golub and LeVeque 1983), held to NIST's StRD univariate problems.
public struct SeriesMoments: Sendable, Equatable {
    /// Number of values.
    public let count: Int
    /// Mean, in the unit of the series.
    public let mean: Double
    /// Sample standard deviation (ddof 1), in the unit of the series.
    public let standardDeviation: Double
    /// Autocorrelation at lag 1, Σ(v-v̄)(v₊₁-v̄) / Σ(v-v̄)²; nil when the series is constant.
    public let autocorrelation: Double?

    /// Moments of a series, oldest value first, in two passes with the rounding of the mean taken out.
    ///
    /// - Throws: `tooFew` below two finite values, or when their squares leave the range of a Double.
    public init(_ series: [Double]) throws(UndefinedStatistic) {
        guard series.count >= 2, Finiteness.holds(series) else { throw .tooFew }
        let n = Double(series.count)
        let origin = series[0]
        // About a value of the series: a mean of large values is not representable, its distance from one is.
        let offset = series.reduce(0) { $0 + ($1 - origin) } / n
        var rest = 0.0
        var squares = 0.0
        var products = 0.0
        var previous = 0.0
        for (index, value) in series.enumerated() {
            let deviation = (value - origin) - offset
            rest += deviation
            squares += deviation * deviation
            if index > 0 { products += deviation * previous }
            previous = deviation
        }
        squares -= rest * rest / n
        mean = origin + (offset + rest / n)
        guard squares.isFinite, mean.isFinite else { throw .tooFew }
        squares = max(0, squares)
        count = series.count
        standardDeviation = (squares / (n - 1)).squareRoot()
        autocorrelation = squares > 0 ? products / squares : nil
    }
}
