import RealModule

/// Correlation of paired observations. On price levels it misleads (two random walks often correlate): use returns.
public enum Correlation {
    /// Pearson's r of a sample given by its moments, -1 to 1.
    ///
    /// - Throws: `tooFew` below three finite observations, `flatLeg` when either leg hardly moves.
    @inlinable @inline(__always)
    public static func pearson(_ moments: PairMoments) throws(UndefinedStatistic) -> Double {
        guard moments.count >= 3, moments.isFinite else { throw .tooFew }
        guard !moments.hasFlatLeg else { throw .flatLeg }
        let squares = moments.sumXX * moments.sumYY
        // Two roots where the product of the squares leaves the range of a Double.
        let scale = squares.isNormal ? squares.squareRoot() : moments.sumXX.squareRoot() * moments.sumYY.squareRoot()
        return min(1, max(-1, moments.sumXY / scale))
    }

    /// Lower 95 % bound of the size of a correlation, tanh(atanh|r| - 1.96/√(n-3)) and at least 0 (Fisher 1921).
    ///
    /// - Parameters:
    ///   - correlation: r, of any sign.
    ///   - observations: number of independent pairs behind it.
    /// - Returns: nil below four observations, or when r is not within -1...1.
    public static func lowerFisherBound(correlation: Double, observations: Int) -> Double? {
        let size = abs(correlation)
        guard observations > 3, size <= 1 else { return nil }
        // tanh(a - b) by the addition theorem, which needs no atanh.
        let step = Double.tanh(Normal.quantile975 / Double(observations - 3).squareRoot())
        return max(0, (size - step) / (1 - size * step))
    }
}
