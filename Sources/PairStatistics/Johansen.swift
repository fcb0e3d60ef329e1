import RealModule

/// Johansen's test of the number of cointegrating relations between two series, symmetric in them.
///
/// Johansen 1991 (reduced-rank regression), as statsmodels 0.15 `coint_johansen` for two series, computed from canonical
/// correlations by orthogonal factorisation. Critical values are MacKinnon, Haug and Michelis 1996.
public struct Johansen: Sendable, Equatable {
    /// Deterministic terms, with statsmodels' `det_order`.
    public enum Deterministic: Int, Sendable, Hashable, CaseIterable {
        /// None.
        case noConstant = -1
        /// A constant.
        case constant = 0
        /// A linear trend.
        case trend = 1
    }

    /// A likelihood-ratio statistic and what it must exceed to reject.
    public struct Statistic: Sendable, Equatable {
        /// The statistic.
        public let value: Double
        /// Its critical values.
        public let criticalValues: CriticalValues
    }

    /// Squared canonical correlations, the larger first.
    public let eigenvalues: [Double]
    /// Trace statistics of "no relation" and of "at most one".
    public let trace: [Statistic]
    /// Maximum-eigenvalue statistics of "none against one" and "one against two".
    public let maximumEigenvalue: [Statistic]
    /// β of the first relation written as y - β·x, units of y per unit of x; nil when y has no part in it.
    public let hedgeRatio: Double?
    /// Rows of the regressions.
    public let observations: Int

    /// Tests two series of one length, oldest value first, without gaps.
    ///
    /// - Parameters:
    ///   - y: one series.
    ///   - x: the other.
    ///   - deterministic: terms of the model.
    ///   - lags: lagged differences of both series in the model.
    /// - Throws: `tooFew` when the sample does not exceed the coefficients, lengths differ or a value is not finite,
    ///   `flatLeg` when a leg is constant (or follows the trend exactly), `collinear` when the legs are the same line
    ///   or changes follow from the rest up to rounding, `invalidLag` when `lags` is negative.
    public init(
        y: [Double],
        x: [Double],
        deterministic: Deterministic = .constant,
        lags: Int = 1
    ) throws(UndefinedStatistic) {
        guard lags >= 0 else { throw .invalidLag }
        let count = y.count
        guard lags < count else { throw .tooFew }
        let rows = count - 1 - lags
        guard x.count == count, rows > 2 * lags + 5, Finiteness.holds(y), Finiteness.holds(x) else { throw .tooFew }
        var levels = [y, x]
        var rounding = 0.0
        for leg in levels.indices {
            let series = levels[leg]
            guard series.contains(where: { $0 != series[0] }) else { throw .flatLeg }
            let factor = PowerOfTwoScale.factor(series)
            levels[leg] = series.map { $0 * factor }
            rounding = max(rounding, Finiteness.magnitude(levels[leg]) * Double.ulpOfOne)
            let columns = deterministic == .noConstant ? 0 : deterministic.rawValue + 1
            guard PolynomialTrend.remove(columns: columns, from: &levels[leg]) else { throw .flatLeg }
        }
        let changes = levels.map { level in zip(level.dropFirst(), level).map { $0 - $1 } }

        // Short-run terms first, then the levels as statsmodels lags them, then the differences.
        var design = deterministic == .noConstant ? [] : [[Double](repeating: 1, count: rows)]
        for lag in stride(from: 1, through: lags, by: 1) {
            for change in changes { design.append(Array(change[(lags - lag)..<(lags - lag + rows)])) }
        }
        for level in levels { design.append(Array(level[1...rows])) }
        for change in changes { design.append(Array(change[lags...])) }
        let factorization = HouseholderFactorization(
            design.flatMap { $0 },
            columns: design.count,
            response: Array(repeating: 0, count: rows),
            rounding: rounding
        )
        let block = CanonicalBlock(factorization, first: design.count - 4)
        guard let block else { throw .collinear }

        eigenvalues = block.eigenvalues
        observations = rows
        let statistics = eigenvalues.map { -Double(rows) * Double.log(onePlus: -$0) }
        guard statistics.allSatisfy(\.isFinite) else { throw .collinear }
        let tables = Self.tables(deterministic)
        trace = [
            Statistic(value: statistics[0] + statistics[1], criticalValues: tables.trace),
            Statistic(value: statistics[1], criticalValues: tables.last),
        ]
        maximumEigenvalue = [
            Statistic(value: statistics[0], criticalValues: tables.maximum),
            Statistic(value: statistics[1], criticalValues: tables.last),
        ]
        let scales = (y: PowerOfTwoScale.factor(y), x: PowerOfTwoScale.factor(x))
        let ratio = -(block.direction.x * scales.x) / (block.direction.y * scales.y)
        hedgeRatio = ratio.isFinite ? ratio : nil
    }

    private static func tables(
        _ deterministic: Deterministic
    ) -> (trace: CriticalValues, maximum: CriticalValues, last: CriticalValues) {
        switch deterministic {
        case .noConstant:
            (
                CriticalValues(onePercent: 16.364, fivePercent: 12.3212, tenPercent: 10.4741),
                CriticalValues(onePercent: 15.0923, fivePercent: 11.2246, tenPercent: 9.4748),
                CriticalValues(onePercent: 6.9406, fivePercent: 4.1296, tenPercent: 2.9762)
            )
        case .constant:
            (
                CriticalValues(onePercent: 19.9349, fivePercent: 15.4943, tenPercent: 13.4294),
                CriticalValues(onePercent: 18.52, fivePercent: 14.2639, tenPercent: 12.2971),
                CriticalValues(onePercent: 6.6349, fivePercent: 3.8415, tenPercent: 2.7055)
            )
        case .trend:
            (
                CriticalValues(onePercent: 23.1485, fivePercent: 18.3985, tenPercent: 16.1619),
                CriticalValues(onePercent: 21.7465, fivePercent: 17.1481, tenPercent: 15.0006),
                CriticalValues(onePercent: 6.6349, fivePercent: 3.8415, tenPercent: 2.7055)
            )
        }
    }
}
