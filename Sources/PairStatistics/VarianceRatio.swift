import RealModule

/// The variance-ratio test. Null hypothesis: the series is a random walk; a ratio below 1 is evidence of reversion.
///
/// Lo and MacKinlay 1988 (Campbell, Lo and MacKinlay 1997, eqs. 2.4.39 and 2.4.43), over overlapping blocks as arch
/// `VarianceRatio`.
public struct VarianceRatio: Sendable, Equatable {
    /// Variance of q-period differences over q times that of one-period differences.
    public let ratio: Double
    /// Asymptotically standard normal under the null hypothesis.
    public let statistic: Double
    /// Two-sided p-value.
    public let pValue: Double

    /// Tests a series of levels, oldest value first, without gaps.
    ///
    /// - Parameters:
    ///   - series: levels, not differences.
    ///   - periods: q, at least 2.
    ///   - hasDrift: whether the walk may drift; otherwise its steps have mean 0.
    ///   - isRobust: whether the error allows for changing variance.
    ///   - isDebiased: whether both variances are unbiased.
    /// - Throws: `invalidLag` when `periods` is below 2, `tooFew` when the series is not longer than q + 1 (not longer
    ///   than q with neither drift nor unbiased variances), holds a value that is not finite or has too few steps that
    ///   vary for a robust error, `constant` when no step varies.
    public init(
        _ series: [Double],
        periods: Int = 2,
        hasDrift: Bool = true,
        isRobust: Bool = true,
        isDebiased: Bool = true
    ) throws(UndefinedStatistic) {
        guard periods >= 2 else { throw .invalidLag }
        // A single block of q steps equals the drift that is estimated from it.
        let fewestBlocks = isDebiased || hasDrift ? 2 : 1
        guard series.count - periods >= fewestBlocks, Finiteness.holds(series) else { throw .tooFew }
        let factor = PowerOfTwoScale.factor(series)
        let levels = series.map { $0 * factor }
        let count = Double(levels.count - 1)
        let q = Double(periods)
        let drift = hasDrift ? (levels[levels.count - 1] - levels[0]) / count : 0
        // A step that equals the drift up to rounding does not vary: a robust error must not be made of such steps.
        let rounding = 4 * Finiteness.magnitude(levels) * Double.ulpOfOne
        let squares = zip(levels.dropFirst(), levels).map { next, level in
            let step = next - level - drift
            return abs(step) > rounding ? step * step : 0
        }
        let total = squares.reduce(0, +)
        guard total > count * rounding * rounding else { throw .constant }
        var short = total / count
        var long = zip(levels.dropFirst(periods), levels).reduce(0) { sum, pair in
            let step = pair.0 - pair.1 - q * drift
            return sum + step * step
        }
        long /= count * q
        if isDebiased {
            short *= count / (count - 1)
            long *= count * q / (q * (count - q + 1) * (1 - q / count))
        }
        var variance = 2 * (2 * q - 1) * (q - 1) / (3 * q)
        if isRobust {
            variance = 0
            for lag in 1..<periods {
                let weight = 1 - Double(lag) / q
                variance += 4 * weight * weight * count * (BartlettKernel.lagged(squares, lag) / (total * total))
            }
        }
        ratio = long / short
        statistic = count.squareRoot() * (ratio - 1) / variance.squareRoot()
        guard statistic.isFinite else { throw .tooFew }
        pValue = Double.erfc(abs(statistic) * 0.5.squareRoot())
    }
}
