import RealModule

/// The KPSS test. Null hypothesis: the series is stationary about a constant or a linear trend.
///
/// Kwiatkowski, Phillips, Schmidt and Shin 1992, with the automatic lag of Hobijn, Franses and Ooms 1998, equal to
/// statsmodels 0.15 `kpss`. The complement of `AugmentedDickeyFuller`; on the residual of an estimated regression its
/// table is only a guide (Shin 1994).
public struct KPSS: Sendable, Equatable {
    /// What the series is stationary about under the null hypothesis, named as in statsmodels.
    public enum Trend: String, Sendable, Hashable, CaseIterable {
        /// A constant level.
        case constant = "c"
        /// A linear trend.
        case constantAndTrend = "ct"
    }

    /// η: the squared partial sums of the residual over its long-run variance. A large one is evidence against
    /// stationarity.
    public let statistic: Double
    /// p-value interpolated in the paper's table 1, which ends at 0.01 and 0.1.
    public let pValue: Double
    /// Autocovariances in the long-run variance.
    public let lags: Int
    /// What the statistic must exceed to reject.
    public let criticalValues: CriticalValues

    /// Tests a series, oldest value first, without gaps.
    ///
    /// - Parameters:
    ///   - series: the values.
    ///   - trend: what the series is stationary about.
    ///   - lags: autocovariances in the long-run variance; nil chooses them from the data.
    /// - Throws: `tooFew` below four values or when one is not finite, `constant` when no value differs from the level
    ///   or trend, `invalidLag` when `lags`, given or chosen, is negative or above the length less two. With one lag
    ///   more the statistic is 1/2 whatever the values are (Kiefer and Vogelsang 2002,
    ///   "Heteroskedasticity-autocorrelation robust standard errors using the Bartlett kernel without truncation",
    ///   Econometrica 70).
    public init(_ series: [Double], trend: Trend = .constant, lags: Int? = nil) throws(UndefinedStatistic) {
        guard series.count >= 4, Finiteness.holds(series) else { throw .tooFew }
        guard series.contains(where: { $0 != series[0] }) else { throw .constant }
        var residual = series
        if PowerOfTwoScale.isNeeded(series) {
            let factor = PowerOfTwoScale.factor(series)
            for index in residual.indices { residual[index] *= factor }
        }
        guard PolynomialTrend.remove(columns: trend == .constant ? 1 : 2, from: &residual) else { throw .constant }
        let count = series.count
        let lags = lags ?? Self.automaticLags(residual)
        guard lags >= 0, lags < count - 1 else { throw .invalidLag }

        var partialSum = 0.0
        var squares = 0.0
        for value in residual {
            partialSum += value
            squares += partialSum * partialSum
        }
        let longRunVariance = BartlettKernel.longRunSum(residual, lags: lags) / Double(count)
        guard longRunVariance > 0 else { throw .constant }
        let statistic = squares / (Double(count) * Double(count)) / longRunVariance
        let table = trend == .constant ? [0.347, 0.463, 0.574, 0.739] : [0.119, 0.146, 0.176, 0.216]
        self.statistic = statistic
        pValue = Self.interpolate(statistic, table)
        self.lags = lags
        criticalValues = CriticalValues(onePercent: table[3], fivePercent: table[1], tenPercent: table[0])
    }

    private static func automaticLags(_ residual: [Double]) -> Int {
        let n = Double(residual.count)
        var level = BartlettKernel.lagged(residual, 0) / n
        var slope = 0.0
        for lag in 1...max(1, Int(Double.pow(n, 2.0 / 9))) {
            let covariance = BartlettKernel.lagged(residual, lag) / (n / 2)
            level += covariance
            slope += Double(lag) * covariance
        }
        let ratio = slope / level
        let lags = 1.1447 * Double.pow(ratio * ratio, 1.0 / 3) * Double.pow(n, 1.0 / 3)
        return lags < n - 1 ? Int(lags) : residual.count - 1
    }

    private static func interpolate(_ statistic: Double, _ table: [Double]) -> Double {
        let pValues = [0.1, 0.05, 0.025, 0.01]
        guard statistic > table[0] else { return pValues[0] }
        for index in 1..<table.count where statistic <= table[index] {
            let share = (statistic - table[index - 1]) / (table[index] - table[index - 1])
            return pValues[index - 1] + share * (pValues[index] - pValues[index - 1])
        }
        return pValues[3]
    }
}
