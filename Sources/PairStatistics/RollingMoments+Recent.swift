extension RollingMoments {
    /// Moments of the last `count` one-bar changes, those without both values left out. O(count), allocates nothing.
    ///
    /// - Parameters:
    ///   - count: bars, each of which ends one change.
    ///   - skipped: how many of the newest bars come after them.
    ///   - slots: the window's slots.
    public func returns(last count: Int, before skipped: Int = 0, of slots: PairSlots) -> PairMoments {
        var sums = PairSums()
        forEachChange(last: count, before: skipped, of: slots) { sums.add($0) }
        return sums.moments.changes(betweenLevels: self.sums.levelAnchor)
    }

    /// Width of the last `count` changes of y - slope·x that a few outliers cannot move: the 80 % quantile of their
    /// sizes over that of a unit normal, 1.2816, in the unit of y, which for normal changes about 0 is their standard
    /// deviation.
    ///
    /// The quantile of Hyndman and Fan 1996, type 7. It is used instead of the median absolute deviation because it
    /// varies less for few changes, and up to a fifth of them may still be outliers. O(count²) at worst, allocates
    /// nothing for counts up to several hundred.
    ///
    /// - Parameters:
    ///   - slope: hedge ratio, units of y per unit of x.
    ///   - count: bars, each of which ends one change.
    ///   - least: how many changes there must be between adjacent valid slots.
    ///   - slots: the window's slots.
    /// - Returns: nil when there are fewer.
    public func robustChange(
        ofResidualWithSlope slope: Double,
        last count: Int,
        atLeast least: Int,
        of slots: PairSlots
    ) -> Double? {
        let most = max(1, min(count, slotCount))
        // The quantile lies between two of the largest.
        let kept = most - Int(0.8 * Double(most - 1))
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: kept) { largest in
            largest.initialize(repeating: 0)
            var valid = 0
            forEachChange(last: count, of: slots) { change in
                valid += 1
                let size = abs(change.y - slope * change.x)
                guard size > largest[kept - 1] else { return }
                // In descending order.
                var place = kept - 1
                while place > 0, largest[place - 1] < size {
                    largest[place] = largest[place - 1]
                    place -= 1
                }
                largest[place] = size
            }
            guard valid > 0, valid >= least else { return nil }
            let position = 0.8 * Double(valid - 1)
            let lower = Int(position)
            let above = largest[max(0, valid - 2 - lower)]
            let below = largest[valid - 1 - lower]
            let quantile = below + (position - Double(lower)) * (above - below)
            // The 90 % quantile of the normal, whose size is below it in 80 %.
            return quantile / 1.2815515655446004
        }
    }

    /// Calls `body` with the changes that the last `count` bars before the newest `skipped` ones end, oldest first,
    /// those without both values left out.
    func forEachChange(
        last count: Int,
        before skipped: Int = 0,
        of slots: PairSlots,
        _ body: (SIMD2<Double>) -> Void
    ) {
        let end = nextSlot &- Int64(skipped)
        let seen = nextSlot &- Int64(slotCount)
        let start = max(seen, end &- Int64(count) &- 1)
        guard start < end else { return }
        var previous = Self.gap
        slots.forEach(in: start..<end) { slot in
            if Self.isValid(slot), Self.isValid(previous) { body(slot - previous) }
            previous = slot
        }
    }
}
