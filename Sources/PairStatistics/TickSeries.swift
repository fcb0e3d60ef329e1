/// The ticks of one instrument over a horizon that moves on in blocks, and their realised variance.
///
/// A tick costs O(1). Every pair of the instrument reads the same series (``RollingHayashiYoshida``).
public struct TickSeries: Sendable {
    /// The part of the horizon that is forgotten at once, in the unit of the times.
    public let blockLength: Int64
    private(set) var stored: [TimedValue] = []
    /// Where in `stored` the oldest tick is that still counts.
    private(set) var first = 0
    /// Ticks taken out of `stored` so far.
    private(set) var removed = 0
    /// Before it nothing counts.
    private var edge = Int64.min
    private var squares: BlockSums

    /// A series without ticks.
    /// - Parameter blockLength: in the unit of the times, at least 1.
    public init(blockLength: Int64) {
        self.blockLength = max(1, blockLength)
        squares = BlockSums(length: self.blockLength)
    }

    /// Takes a tick; of several at one time the last counts, one older than the last is not used, nor is one whose value
    /// is not finite.
    public mutating func append(_ tick: TimedValue) {
        guard tick.value.isFinite, tick.time >= edge else { return }
        if let last = stored.last {
            if tick.time < last.time { return }
            if tick.time == last.time {
                stored[stored.count - 1] = tick
                return
            }
            if stored.count - first >= 2 {
                // The last tick is final now.
                let start = stored[stored.count - 2]
                let step = last.value - start.value
                squares.add(step * step, at: start.time)
            }
        }
        // Instead of growing.
        if stored.count == stored.capacity, first > stored.count / 4 {
            stored.removeFirst(first)
            removed += first
            first = 0
        }
        stored.append(tick)
    }

    /// Forgets the ticks before a time, which must be the first of a block.
    public mutating func forget(before edge: Int64) {
        self.edge = edge
        while first < stored.count, stored[first].time < edge { first += 1 }
        squares.forget(before: edge)
    }

    /// The same ticks in other blocks.
    public func regrouped(blockLength: Int64) -> TickSeries {
        var series = TickSeries(blockLength: blockLength)
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
