import RealModule

extension RollingMoments {
    /// Log likelihood ratio of the last `count` one-bar changes: that the legs are independent against that they move
    /// together as earlier in the window.
    ///
    /// Together, a leg is the prediction from the other one by the earlier slope, and a residual; independent, it has
    /// its earlier width. The changes follow Student's t with 4 degrees of freedom, so that outliers have little weight
    /// (Lange, Little and Taylor 1989). Volatility that clusters in one leg weakens the correlation as well, so each
    /// likelihood is a geometric mean over possible present scales: a quarter that of the earlier window, a quarter
    /// that of the `count` bars just before, and half the one that fits the recent changes themselves. With the last of
    /// these only the slope counts. Each leg is predicted once, and the smaller ratio is the evidence: the same
    /// whichever leg is x.
    ///
    /// O(count), allocates nothing for counts up to about thirty.
    ///
    /// - Parameters:
    ///   - count: bars, each of which ends one change.
    ///   - least: how many changes there must be between adjacent valid slots.
    ///   - slots: the window's slots.
    /// - Returns: above 0 when independence is more likely; nil when there are fewer changes, or a leg did not move
    ///   before.
    public func decoupling(last count: Int, atLeast least: Int, of slots: PairSlots) -> Double? {
        let recent = returns(last: count, of: slots)
        let usual = returns.removing(recent)
        guard recent.count >= max(1, least), usual.count > 1, usual.squares.min() > 0 else { return nil }
        let slopes = usual.sumXY / usual.squares
        let before = returns(last: count, before: count, of: slots)
        return withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: recent.count) { squares in
            var place = 0
            forEachChange(last: count, of: slots) { change in
                let predicted = SIMD2(change.y, change.x)
                let rest = predicted - slopes * change
                squares.initializeElement(at: place, to: SIMD4(lowHalf: rest * rest, highHalf: predicted * predicted))
                place += 1
            }
            let scale = Self.studentScale(usual, slopes)
            // A leg without changes for a while keeps a minimum width.
            let narrowest = 0.05 * scale
            let scaleBefore = before.count >= max(2, least) ? Self.studentScale(before, slopes) : scale
            var own = squares.reduce(.zero, +) / Double(2 * recent.count)
            for _ in 0..<5 {
                own = pointwiseMax(own, narrowest)
                own = squares.reduce(.zero) { $0 + 5 * $1 / (4 + $1 / own) } / Double(recent.count)
            }
            let ratios =
                0.25 * Self.studentRatio(squares, scale)
                + 0.25 * Self.studentRatio(squares, pointwiseMax(scaleBefore, narrowest))
                + 0.5 * Self.studentRatio(squares, pointwiseMax(own, narrowest))
            return ratios.min()
        }
    }

    /// Squared scales of Student's t with 4 degrees of freedom, which are half the variances: of the residual of y by x
    /// and of x by y, then of y and x.
    private static func studentScale(_ moments: PairMoments, _ slopes: SIMD2<Double>) -> SIMD4<Double> {
        let predicted = SIMD2(moments.squares.y, moments.squares.x)
        let rest = predicted + slopes * (slopes * moments.squares - 2 * moments.sumXY)
        return SIMD4(lowHalf: rest, highHalf: predicted) / Double(2 * (moments.count - 1))
    }

    /// Log likelihood ratio of the upper halves' squares to the lower halves'.
    private static func studentRatio(
        _ squares: UnsafeMutableBufferPointer<SIMD4<Double>>,
        _ scale: SIMD4<Double>
    ) -> SIMD2<Double> {
        var sum = SIMD2<Double>.zero
        for square in squares {
            let terms = 1 + square / (4 * scale)
            let ratio = terms.lowHalf / terms.highHalf
            sum += SIMD2(.log(ratio.x), .log(ratio.y))
        }
        let widths = scale.lowHalf / scale.highHalf
        return 2.5 * sum + Double(squares.count) / 2 * SIMD2(.log(widths.x), .log(widths.y))
    }
}
