/// Scaling by powers of two, which loses no digit.
enum PowerOfTwoScale {
    /// The factor that brings the range of a series near 1; 1 for a constant series.
    static func factor(_ series: [Double]) -> Double {
        let low = series.min() ?? 0
        let high = series.max() ?? 0
        // The range of values far apart overflows, and one far below their size is rounding.
        let magnitude = max(high / 2 - low / 2, max(abs(low), abs(high)) * 0x1p-60)
        guard magnitude > 0 else { return 1 }
        return Double(sign: .plus, exponent: -max(-1000, min(1000, magnitude.exponent)), significand: 1)
    }

    /// Whether the squares of a series can be summed without leaving the range of a Double.
    static func isNeeded(_ series: [Double]) -> Bool {
        !(1e-150...1e150).contains(BartlettKernel.lagged(series, 0))
    }
}
