/// Ordinary least squares on any number of regressors.
///
/// Householder factorisation of the centered columns (with an intercept), then one step of refinement with residuals in
/// doubled precision (Golub 1965; Björck 1967): accurate to the last digits on NIST's Longley and Wampler problems. For
/// one regressor in a window that moves, take `LinearFit`.
public struct LeastSquares: Sendable, Equatable {
    /// Coefficients: the intercept first if there is one, then one per column.
    public let coefficients: [Double]
    /// Classical standard errors of the coefficients, in the same order.
    public let standardErrors: [Double]
    /// Residuals, in the unit of the response.
    public let residuals: [Double]
    /// √(SSR/(n-k)), in the unit of the response.
    public let residualStandardDeviation: Double
    /// Share of the variance of the response explained, about its mean with an intercept and about 0 without.
    public let rSquared: Double
    /// Number of rows.
    public let observations: Int

    /// Fits the response to columns of the same length.
    ///
    /// - Throws: `tooFew` when there are not more rows than coefficients, lengths differ or a value is not finite;
    ///   `constant` when the response does not vary; `collinear` when a column depends on the others.
    public init(columns: [[Double]], response: [Double], intercept: Bool = true) throws(UndefinedStatistic) {
        let rows = response.count
        let parameters = columns.count + (intercept ? 1 : 0)
        guard parameters > 0, rows > parameters, columns.allSatisfy({ $0.count == rows }) else { throw .tooFew }
        guard columns.allSatisfy(Finiteness.holds), Finiteness.holds(response) else { throw .tooFew }

        // Everything near 1, so that squares stay in range; undone at the end, and powers of two lose nothing.
        let scales = columns.map(PowerOfTwoScale.factor)
        let responseScale = PowerOfTwoScale.factor(response)
        let columns = zip(columns, scales).map { column, scale in column.map { $0 * scale } }
        let response = response.map { $0 * responseScale }

        // With an intercept everything is taken about values near the means; the shifts themselves are exact.
        let shifts = columns.map { intercept ? Self.mean($0) : 0 }
        let responseShift = intercept ? Self.mean(response) : 0
        var design: [[Double]] = intercept ? [Array(repeating: 1, count: rows)] : []
        for (column, shift) in zip(columns, shifts) { design.append(column.map { $0 - shift }) }
        let shifted = response.map { $0 - responseShift }
        let total = shifted.reduce(0) { $0 + $1 * $1 }
        guard total > 0, total.isFinite else { throw .constant }

        let factorization = HouseholderFactorization(design.flatMap { $0 }, columns: parameters, response: shifted)
        guard factorization.rank == parameters else { throw .collinear }
        var solution = factorization.solve(factorization.response)
        var rest = Self.residuals(columns, shifts, shifted, solution, intercept: intercept)
        let correction = factorization.solve(factorization.turn(rest))
        for index in solution.indices { solution[index] += correction[index] }
        rest = Self.residuals(columns, shifts, shifted, solution, intercept: intercept)

        let squares = rest.reduce(0) { $0 + $1 * $1 }
        let variance = squares / Double(rows - parameters)
        var errors = factorization.inverseRowLengths().map { $0 * variance.squareRoot() }
        if intercept {
            // The intercept of the unshifted columns is a combination of all coefficients.
            var level = DoubledSum(responseShift)
            level.add(solution[0])
            for (coefficient, shift) in zip(solution.dropFirst(), shifts) { level.addProduct(-coefficient, shift) }
            solution[0] = level.value
            errors[0] = factorization.inverseLength(of: [1] + shifts.map { -$0 }) * variance.squareRoot()
        }
        let units = (intercept ? [1] : []) + scales
        coefficients = zip(solution, units).map { $0 * $1 / responseScale }
        standardErrors = zip(errors, units).map { $0 * $1 / responseScale }
        guard Finiteness.holds(coefficients), Finiteness.holds(standardErrors) else { throw .tooFew }
        residuals = rest.map { $0 / responseScale }
        residualStandardDeviation = variance.squareRoot() / responseScale
        rSquared = max(0, 1 - squares / total)
        observations = rows
    }

    private static func mean(_ values: [Double]) -> Double {
        var sum = DoubledSum(0)
        for value in values { sum.add(value) }
        return sum.value / Double(values.count)
    }

    /// Response less fit, with each row summed in doubled precision.
    private static func residuals(
        _ columns: [[Double]],
        _ shifts: [Double],
        _ response: [Double],
        _ solution: [Double],
        intercept: Bool
    ) -> [Double] {
        let slopes = intercept ? solution.dropFirst() : solution[...]
        return response.indices.map { row in
            var sum = DoubledSum(response[row])
            if intercept { sum.add(-solution[0]) }
            for (index, slope) in slopes.enumerated() {
                sum.addProduct(-slope, columns[index][row])
                sum.addProduct(slope, shifts[index])
            }
            return sum.value
        }
    }
}
