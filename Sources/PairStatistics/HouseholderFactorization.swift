/// Orthogonal factorisation of a tall design by Householder reflections (Golub and Van Loan, algorithm 5.2.1), column
/// by column, so that every leading block is factorised too. Columns that depend on earlier ones are left out.
struct HouseholderFactorization {
    let rows: Int
    let columns: Int
    /// Column-major: R above each column's pivot row but for its diagonal, the reflection vector from there on.
    private var matrix: [Double]
    /// Row of R that belongs to each column, nil for a dependent column.
    private var pivotRow: [Int?]
    /// The response, turned by the same reflections.
    private var response: [Double]
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

    /// Turns the remainder of a column (rows `row`...) onto its first entry, and everything behind it likewise.
    /// - Returns: false when only rounding remains of the column.
    private mutating func reflect(column: Int, row: Int) -> Bool {
        let length = rows - row
        let rows = rows
        let columns = columns
        let rounding = rounding
        let tolerance = 4 * Double(columns) * Double(rows).squareRoot() * Double.ulpOfOne
        return matrix.withUnsafeMutableBufferPointer { storage in
            response.withUnsafeMutableBufferPointer { response -> Bool in
                guard let base = storage.baseAddress, let response = response.baseAddress else { return false }
                let top = base + column * rows
                let vector = top + row
                let remaining = VectorProducts.dot(vector, vector, count: length)
                let whole = remaining + VectorProducts.dot(top, top, count: row)
                guard remaining > tolerance * tolerance * whole,
                    !RoundingNoise.holds(remaining, of: whole, count: length, rounding: rounding)
                else { return false }
                let norm = remaining.squareRoot()
                // The diagonal is made positive; the head is computed without cancellation (Parlett's formula).
                let head = vector[0]
                let below = VectorProducts.dot(vector + 1, vector + 1, count: length - 1)
                guard below > 0 || head < 0 else { return true }
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
                return true
            }
        }
    }
}
