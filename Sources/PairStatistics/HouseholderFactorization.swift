/// Orthogonal factorisation of a tall design by Householder reflections (Golub and Van Loan, algorithm 5.2.1), column by
/// column, so that every leading block is factorised too. Columns that depend on earlier ones are left out.
struct HouseholderFactorization {
    let rows: Int
    let columns: Int
    /// Column-major: R above each column's pivot row, the reflection vector from there on.
    private var matrix: [Double]
    /// Diagonal of R per column, 0 for a dependent one.
    private var diagonal: [Double]
    /// Factor -2/‖v‖² of each column's reflection, 0 where none was needed.
    private var factors: [Double]
    /// Row of R that belongs to each column, nil for a dependent column.
    private(set) var pivotRow: [Int?]
    /// The response, turned by the same reflections.
    private(set) var response: [Double]
    /// How far a value of the design may be off.
    private let rounding: Double

    /// - Parameters:
    ///   - matrix: the design, column-major, `rows` × `columns`.
    ///   - response: `rows` values.
    ///   - rounding: how far a value of the design may be off because of what it was computed from.
    init(_ matrix: [Double], columns: Int, response: [Double], rounding: Double = 0) {
        self.rounding = rounding
        rows = response.count
        self.columns = columns
        self.matrix = matrix
        self.response = response
        pivotRow = Array(repeating: nil, count: columns)
        diagonal = Array(repeating: 0, count: columns)
        factors = Array(repeating: 0, count: columns)
        var row = 0
        for column in 0..<columns where row < rows {
            if reflect(column: column, row: row) {
                pivotRow[column] = row
                row += 1
            }
        }
    }

    /// Number of independent columns.
    var rank: Int { pivotRow.count { $0 != nil } }

    /// The nested view: what each leading block of columns explains.
    var nested: NestedRegression {
        let rank = rank
        return NestedRegression(
            rows: rows,
            projections: (0..<columns).map { column in pivotRow[column].map { response[$0] } ?? 0 },
            dependentColumns: (0..<columns).filter { pivotRow[$0] == nil },
            residual: response[rank...].reduce(0) { $0 + $1 * $1 }
        )
    }

    /// Entry of R in a row above or at the pivot row of an independent column.
    func entry(row: Int, column: Int) -> Double {
        row == pivotRow[column] ? diagonal[column] : matrix[column * rows + row]
    }

    /// The reflections applied to another vector of `rows` values.
    func turn(_ vector: [Double]) -> [Double] {
        var vector = vector
        for column in 0..<columns {
            guard let row = pivotRow[column], factors[column] != 0 else { continue }
            let length = rows - row
            matrix.withUnsafeBufferPointer { matrix in
                vector.withUnsafeMutableBufferPointer { vector in
                    guard let base = matrix.baseAddress, let target = vector.baseAddress else { return }
                    let reflection = base + column * rows + row
                    let product = VectorProducts.dot(reflection, target + row, count: length)
                    VectorProducts.add(reflection, times: factors[column] * product, to: target + row, count: length)
                }
            }
        }
        return vector
    }

    /// Solution of R·b = q for a turned response; every column must be independent.
    func solve(_ turned: [Double]) -> [Double] {
        var solution = Array(turned[..<columns])
        for column in (0..<columns).reversed() {
            solution[column] /= diagonal[column]
            for row in 0..<column { solution[row] -= entry(row: row, column: column) * solution[column] }
        }
        return solution
    }

    /// ‖w'·R⁻¹‖: the standard error of the combination w of coefficients, for an error variance of 1.
    func inverseLength(of weights: [Double]) -> Double {
        // Solves R'·z = w from the top.
        var solution = weights
        for column in 0..<columns {
            for row in 0..<column { solution[column] -= entry(row: row, column: column) * solution[row] }
            solution[column] /= diagonal[column]
        }
        return solution.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    /// Standard errors of the single coefficients, for an error variance of 1.
    func inverseRowLengths() -> [Double] {
        (0..<columns).map { column in
            inverseLength(of: (0..<columns).map { $0 == column ? 1 : 0 })
        }
    }

    /// Turns the remainder of a column (rows `row`...) onto its first entry, and everything behind it likewise.
    /// - Returns: false when nothing but rounding remains of the column.
    private mutating func reflect(column: Int, row: Int) -> Bool {
        let length = rows - row
        let rows = rows
        let columns = columns
        let rounding = rounding
        let tolerance = 4 * Double(columns) * Double(rows).squareRoot() * Double.ulpOfOne
        let reflection = matrix.withUnsafeMutableBufferPointer { storage in
            response.withUnsafeMutableBufferPointer { response -> (diagonal: Double, factor: Double)? in
                guard let base = storage.baseAddress, let response = response.baseAddress else { return nil }
                let top = base + column * rows
                let vector = top + row
                let remaining = VectorProducts.dot(vector, vector, count: length)
                let whole = remaining + VectorProducts.dot(top, top, count: row)
                guard remaining > tolerance * tolerance * whole,
                    !RoundingNoise.holds(remaining, of: whole, count: length, rounding: rounding)
                else { return nil }
                let norm = remaining.squareRoot()
                // The diagonal is made positive; the head is computed without cancellation (Parlett's formula).
                let head = vector[0]
                let below = VectorProducts.dot(vector + 1, vector + 1, count: length - 1)
                guard below > 0 || head < 0 else { return (norm, 0) }
                let first = head <= 0 ? head - norm : -below / (head + norm)
                vector[0] = first
                let factor = -2 / (first * first + below)
                for other in (column + 1)..<max(column + 1, columns) {
                    let target = base + other * rows + row
                    let product = VectorProducts.dot(vector, target, count: length)
                    VectorProducts.add(vector, times: factor * product, to: target, count: length)
                }
                let product = VectorProducts.dot(vector, response + row, count: length)
                VectorProducts.add(vector, times: factor * product, to: response + row, count: length)
                return (norm, factor)
            }
        }
        guard let reflection else { return false }
        diagonal[column] = reflection.diagonal
        factors[column] = reflection.factor
        return true
    }
}
