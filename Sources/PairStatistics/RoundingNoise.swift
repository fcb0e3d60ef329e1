/// Whether a sum of squares that is left over is rounding of the values it was computed from.
enum RoundingNoise {
    /// Coefficients magnify the rounding of values, so that far more than the rounding itself may be left. The residual
    /// must be small beside the total too: a series that hardly moves about a high level consists of steps of this
    /// size.
    ///
    /// - Parameters:
    ///   - squares: what is left.
    ///   - whole: what it is left of.
    ///   - count: values in the sum.
    ///   - rounding: how far one value may be off.
    static func holds(_ squares: Double, of whole: Double, count: Int, rounding: Double) -> Bool {
        let magnified = 64 * rounding
        return squares < 1e-16 * whole && squares < Double(count) * magnified * magnified
    }
}
