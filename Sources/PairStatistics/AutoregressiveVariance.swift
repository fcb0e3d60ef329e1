import RealModule

/// The effect of an AR(1) error of persistence φ and unit innovations, with covariance Ω, on a simple regression with a
/// constant on x.
///
/// With error variance σ² of the innovations, the variance of the slope is σ²·``ofSlope``/Σx̃², and the sum of squared
/// residuals is σ²·``ofResiduals`` in expectation. Everything stays finite at φ = 1, since deviations from a mean have
/// a variance even there.
struct AutoregressiveVariance {
    /// x̃'Ωx̃/Σx̃² for x̃ = x - x̄: the variance of the slope times Σx̃².
    let ofSlope: Double
    /// tr(MΩ): the expectation of the sum of squared residuals.
    let ofResiduals: Double
    /// Degrees of freedom of the sum of squared residuals as a multiple of χ²: its expectation and variance agree
    /// (Satterthwaite 1946, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2).
    let freedom: Double

    /// O(n) time.
    ///
    /// - Parameters:
    ///   - deviations: x - x̄, at least four, oldest first.
    ///   - persistence: φ, from 0 to 1.
    init(deviations: [Double], persistence: Double) {
        let count = Double(deviations.count)
        // x̃'Ωx̃ is the sum of squares of x̃ filtered backwards.
        var filtered = 0.0
        var products = 0.0
        var squares = 0.0
        for deviation in deviations.dropFirst().reversed() {
            filtered = persistence * filtered + deviation
            products += filtered * filtered
            squares += deviation * deviation
        }
        filtered = persistence * filtered + deviations[0]
        squares += deviations[0] * deviations[0]
        // At φ = 1 the last one is the sum of the deviations, 0.
        if persistence < 1 { products += filtered * filtered / (1 - persistence * persistence) }
        ofSlope = products / squares

        // tr(Ω) - 1'Ω1/n, by sums of the powers of φ, which keep their digits near 1.
        var powers = 0.0
        var sum = 0.0
        for lag in 1..<deviations.count {
            powers = 1 + persistence * powers
            sum += (count - Double(lag)) * powers
        }
        ofResiduals = 2 * sum / ((1 + persistence) * count) - ofSlope

        // Ω's eigenvalues are its spectrum at the frequencies of a cosine transform. The constant is the first, the
        // slope on a random walk about the second.
        var (first, second) = (0.0, 0.0)
        for index in 2..<deviations.count {
            let turn = Double.cos(.pi * Double(index) / count)
            let eigenvalue = 1 / (1 + persistence * persistence - 2 * persistence * turn)
            first += eigenvalue
            second += eigenvalue * eigenvalue
        }
        freedom = first * first / second
    }
}
