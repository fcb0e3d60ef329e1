/// Least squares of one response on the first 1, 2, 3 … columns of one design: every leading block of a single
/// factorisation.
struct NestedRegression {
    /// Rows of the design.
    let rows: Int
    /// Component of the response along each column made orthogonal to those before it; 0 for a dependent column.
    let projections: [Double]
    /// Columns that depend on those before them, ascending.
    let dependentColumns: [Int]
    /// Sum of squared residuals with 0, 1, 2 … columns.
    let squaredResiduals: [Double]

    /// - Parameter residual: sum of squared residuals with every column.
    init(rows: Int, projections: [Double], dependentColumns: [Int], residual: Double) {
        self.rows = rows
        self.projections = projections
        self.dependentColumns = dependentColumns
        var squaredResiduals = [Double](repeating: residual, count: projections.count + 1)
        // From the last column backwards, sums of squares only grow: no digits cancel.
        for column in projections.indices.reversed() {
            squaredResiduals[column] = squaredResiduals[column + 1] + projections[column] * projections[column]
        }
        self.squaredResiduals = squaredResiduals
    }

    /// Number of independent columns among the first `columns`.
    func rank(columns: Int) -> Int {
        columns - dependentColumns.count { $0 < columns }
    }

    /// Rows less independent columns.
    func degreesOfFreedom(columns: Int) -> Int {
        rows - rank(columns: columns)
    }

    /// Whether what the first `columns` columns leave over is rounding: of the response, or of the values that it was
    /// computed from.
    /// - Parameter rounding: how far such a value may be off.
    func isExact(columns: Int, rounding: Double) -> Bool {
        let (residual, response) = (squaredResiduals[columns], squaredResiduals[0])
        return residual <= 1e-26 * response
            || RoundingNoise.holds(residual, of: response, count: rows, rounding: rounding)
    }

    /// t statistic of the last of the first `columns` columns. It is 0 without a degree of freedom, when its standard
    /// error is infinite, and for a dependent column.
    func tStatisticOfLast(columns: Int) -> Double {
        let freedom = degreesOfFreedom(columns: columns)
        let residual = squaredResiduals[columns]
        guard freedom > 0, residual > 0 else { return 0 }
        return projections[columns - 1] / (residual / Double(freedom)).squareRoot()
    }
}
