import RealModule

/// How the correlation of as many returns as are recent has varied over the window before them.
///
/// Fisher's standard error holds for independent normal returns. Volatility that clusters in one leg, and heavy tails,
/// move the correlation of few returns by more: what it does is seen from overlapping blocks of the same length
/// (subsampling, Politis, Romano and Wolf 1999).
public struct BlockCorrelations: Sendable, Equatable {
    /// Mean of the blocks' atanh r.
    public let mean: Double
    /// Variance of the blocks' atanh r (ddof 1), at least that of independent normal returns, 1/(length-3).
    public let variance: Double
    /// How many blocks that do not overlap the window holds, not a whole number.
    public let count: Double

    /// How far a correlation lies from the blocks' mean, in standard errors of one more block: about Student's t.
    public func distance(of correlation: Double) -> Double {
        (Self.transform(correlation) - mean) / (variance * (1 + 1 / count)).squareRoot()
    }

    /// Fisher's z; legs that moved as one in a block must not outweigh the others.
    static func transform(_ correlation: Double) -> Double {
        .atanh(min(0.995, max(-0.995, correlation)))
    }
}

extension RollingPairWindow {
    /// Correlations of overlapping blocks of `length` one-bar changes before the last `length` ones, a quarter of a block
    /// apart. O(capacity), allocates nothing.
    ///
    /// - Parameters:
    ///   - length: changes in a block, at least 4.
    ///   - least: how many changes of a block must lie between adjacent valid slots; blocks with fewer are left out.
    /// - Returns: nil when there are fewer than two blocks.
    public func blockCorrelations(length: Int, atLeast least: Int) -> BlockCorrelations? {
        guard length >= 4 else { return nil }
        let step = max(1, length / 4)
        var blocks = 0.0
        var sum = 0.0
        var squares = 0.0
        for skipped in stride(from: length, through: slotCount - 1 - length, by: step) {
            let moments = returns(last: length, before: skipped)
            guard moments.count >= least, let correlation = try? Correlation.pearson(moments) else { continue }
            let value = BlockCorrelations.transform(correlation)
            blocks += 1
            sum += value
            squares += value * value
        }
        guard blocks >= 2 else { return nil }
        let variance = (squares - sum * sum / blocks) / (blocks - 1)
        return BlockCorrelations(
            mean: sum / blocks,
            variance: max(variance, 1 / Double(length - 3)),
            count: max(1, Double(slotCount - 1 - length) / Double(length))
        )
    }
}
