/// Squared canonical correlations between two pairs of columns, each taken about the same earlier columns, read from the
/// triangular factor of all of them.
struct CanonicalBlock {
    /// Both squared correlations, the larger first.
    let eigenvalues: [Double]
    /// Combination of the first pair that belongs to the larger.
    let direction: (y: Double, x: Double)

    /// - Parameters:
    ///   - factorization: of the earlier columns, the first pair and the second pair, in this order.
    ///   - first: index of the first pair's first column.
    /// - Returns: nil when a column depends on those before it, or a combination of the second pair on the first.
    init?(_ factorization: HouseholderFactorization, first: Int) {
        guard factorization.rank == factorization.columns else { return nil }
        func r(_ row: Int, _ column: Int) -> Double {
            row <= column ? factorization.entry(row: first + row, column: first + column) : 0
        }
        // Second pair: b lies along the first pair, c beside it. Its own factor is that of both stacked.
        let stacked = HouseholderFactorization(
            (2...3).flatMap { column in (0...3).map { r($0, column) } },
            columns: 2,
            response: [0, 0, 0, 0]
        )
        guard stacked.rank == 2 else { return nil }
        // M = b·S⁻¹: its singular values are the canonical correlations.
        let (s00, s01, s11) = (
            stacked.entry(row: 0, column: 0), stacked.entry(row: 0, column: 1), stacked.entry(row: 1, column: 1)
        )
        let (m00, m10) = (r(0, 2) / s00, r(1, 2) / s00)
        let (m01, m11) = ((r(0, 3) - m00 * s01) / s11, (r(1, 3) - m10 * s01) / s11)
        let (a, b, c) = (m00 * m00 + m01 * m01, m00 * m10 + m01 * m11, m10 * m10 + m11 * m11)
        let half = (a - c) / 2
        let root = (half * half + b * b).squareRoot()
        let larger = (a + c) / 2 + root
        // What is left of 1 below this is rounding.
        guard larger > 0, 1 - larger > 1e-12 else { return nil }
        let determinant = m00 * m11 - m01 * m10
        eigenvalues = [larger, determinant * determinant / larger]
        // Eigenvector of M·M', from whichever row does not cancel, then back through the first pair's factor.
        let u = half > 0 ? (half + root, b) : (b, root - half)
        let x = u.1 / r(1, 1)
        direction = (y: (u.0 - r(0, 1) * x) / r(0, 0), x: x)
    }
}
