/// The ticks of one instrument over a horizon that advances in blocks, and their realised variance.
///
/// Of the ticks in one interval of time the last counts, at its own time: bid-ask bounce and latency dominate the
/// changes from trade to trade and hide what two instruments have in common (previous-tick sampling; Zhang, Mykland and
/// Ait-Sahalia 2005). A tick costs O(1). Every pair of the instrument reads the same series
/// (``RollingHayashiYoshida``).
public struct TickSeries: Sendable {
    /// The part of the horizon that is removed at once, in the unit of the times.
    public let blockLength: Int64
    /// The interval of which the last tick counts, in the unit of the times; the intervals begin at its multiples.
    public let interval: Int64
    private(set) var stored: [TimedValue] = []
    /// The position in `stored` of the oldest tick that counts.
    private(set) var first = 0
    /// Ticks removed from `stored`.
    private(set) var removed = 0
    /// Ticks before it do not count.
    private var edge = Int64.min
    private var squares: BlockSums

    /// A series without ticks.
    /// - Parameters:
    ///   - blockLength: in the unit of the times, at least 1.
    ///   - interval: in the unit of the times, at least 1, with which every time counts for itself.
    public init(blockLength: Int64, interval: Int64 = 1) {
        self.blockLength = max(1, blockLength)
        self.interval = max(1, interval)
        squares = BlockSums(length: self.blockLength)
    }

    /// Adds a tick; of several in one interval the last counts, one older than the last is not used, nor is one whose
    /// value is not finite.
    public mutating func append(_ tick: TimedValue) {
        guard tick.value.isFinite, tick.time >= edge else { return }
        if let last = stored.last {
            if tick.time < last.time { return }
            // A tick that does not count is not replaced.
            if last.time >= edge, tick.time.interval(of: interval) == last.time.interval(of: interval) {
                stored[stored.count - 1] = tick
                return
            }
            if stored.count - first >= 2 {
                // The new tick makes the last one final.
                let start = stored[stored.count - 2]
                let step = last.value - start.value
                squares.add(step * step, at: start.time)
            }
        }
        // So that the storage does not grow.
        if stored.count == stored.capacity, first > stored.count / 4 {
            stored.removeFirst(first)
            removed += first
            first = 0
        }
        stored.append(tick)
    }

    /// Removes the ticks before a time, which must be the first of a block.
    public mutating func remove(before edge: Int64) {
        self.edge = edge
        while first < stored.count, stored[first].time < edge { first += 1 }
        squares.remove(before: edge)
    }

    /// The same ticks in other blocks.
    public func regrouped(blockLength: Int64) -> TickSeries {
        var series = TickSeries(blockLength: blockLength, interval: interval)
        for tick in stored[first...] { series.append(tick) }
        return series
    }

    /// The sum of the squares of all increments.
    var squareSum: Double {
        guard stored.count - first >= 2 else { return 0 }
        let step = stored[stored.count - 1].value - stored[stored.count - 2].value
        return squares.total + step * step
    }
}

extension Int64 {
    /// Which interval of a length this time lies in; times before 0 lie in negative ones.
    @inline(__always)
    func interval(of length: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: length)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
