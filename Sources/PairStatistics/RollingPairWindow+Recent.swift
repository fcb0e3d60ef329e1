extension RollingPairWindow {
    /// Moments of the last `count` one-bar changes, those without both values left out. O(count), allocates nothing.
    public func returns(last count: Int) -> PairMoments {
        var sums = PairSums()
        var previous = SIMD2<Double>(repeating: .nan)
        for position in max(0, slotCount - count - 1)..<slotCount {
            let slot = slot(at: position)
            if Self.isValid(slot), Self.isValid(previous) { sums.add(slot - previous) }
            previous = slot
        }
        return sums.moments
    }

    /// Width of the residuals of `fit` in the last `count` slots that one outlier cannot move: 1.4826 times the median
    /// absolute deviation from their median, in the unit of y, which for normal residuals is their standard deviation
    /// (Hampel 1974). O(count), allocates nothing for counts up to a hundred.
    ///
    /// - Returns: nil when fewer than `least` of the slots hold a value.
    public func robustDeviation(of fit: LinearFit, last count: Int, atLeast least: Int) -> Double? {
        let first = max(0, slotCount - count)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: slotCount - first) { buffer in
            var valid = 0
            for position in first..<slotCount {
                let slot = slot(at: position)
                guard Self.isValid(slot) else { continue }
                buffer.initializeElement(at: valid, to: fit.residual(x: slot.x, y: slot.y))
                valid += 1
            }
            guard valid > 0, valid >= least else { return nil }
            let residuals = UnsafeMutableBufferPointer(rebasing: buffer[..<valid])
            let median = Median.of(residuals)
            for index in residuals.indices { residuals[index] = abs(residuals[index] - median) }
            return 1.4826 * Median.of(residuals)
        }
    }
}
