/// The Hayashi-Yoshida estimate of one pair over a horizon that advances in blocks, at the cost of a few operations a
/// tick.
///
/// Every two increments that overlap are multiplied once, when both are final, and the product is added to the block in
/// which the earlier of them begins. An estimate adds up at most one sum per block, so it is that of ``HayashiYoshida``
/// from the ticks since the edge of the horizon: both leave out an increment that begins before it.
///
/// ```swift
/// let edge = now - now % btc.blockLength - horizon
/// btc.remove(before: edge)
/// eth.remove(before: edge)
/// rolling.remove(before: edge)
/// let correlation = try rolling.estimate(x: btc, y: eth).correlation
/// ```
public struct RollingHayashiYoshida: Sendable {
    /// How many ticks of each leg are ahead of the end of the increment that is to be multiplied next.
    private var aheadX = 1
    private var aheadY = 1
    private var products: BlockSums

    /// A pair without products.
    /// - Parameter blockLength: that of both series.
    public init(blockLength: Int64) {
        products = BlockSums(length: max(1, blockLength))
    }

    /// Removes the increments that begin before a time, the first of a block; call the same on both series.
    public mutating func remove(before edge: Int64) {
        products.remove(before: edge)
    }

    /// Multiplies the increments that are final and have not been multiplied.
    /// - Parameter budget: the number of products allowed; on return, the rest of it.
    /// - Returns: whether all were multiplied.
    public mutating func advance(x: TickSeries, y: TickSeries, budget: inout Int) -> Bool {
        let (ticksX, ticksY) = (x.stored.span, y.stored.span)
        var (endX, endY) = (position(in: x, ahead: aheadX), position(in: y, ahead: aheadY))
        // Another trade in the interval of a leg's last tick would change its last increment.
        while endX < ticksX.count - 1, endY < ticksY.count - 1 {
            guard budget > 0 else { break }
            budget -= 1
            let (fromX, toX) = (ticksX[endX - 1], ticksX[endX])
            let (fromY, toY) = (ticksY[endY - 1], ticksY[endY])
            if fromX.time < toY.time, fromY.time < toX.time {
                let product = (toX.value - fromX.value) * (toY.value - fromY.value)
                products.add(product, at: min(fromX.time, fromY.time))
            }
            if toX.time <= toY.time { endX += 1 }
            if toY.time <= toX.time { endY += 1 }
        }
        aheadX = x.removed + endX
        aheadY = y.removed + endY
        return endX >= ticksX.count - 1 || endY >= ticksY.count - 1
    }

    /// The estimate from all ticks that the two series have.
    /// - Throws: `tooFew` below two increments of either leg, `flatLeg` when a leg never changes.
    public mutating func estimate(x: TickSeries, y: TickSeries) throws(UndefinedStatistic) -> HayashiYoshida {
        var budget = Int.max
        _ = advance(x: x, y: y, budget: &budget)
        let increments = (x: x.stored.count - x.first - 1, y: y.stored.count - y.first - 1)
        guard min(increments.x, increments.y) >= 2 else { throw .tooFew }
        let (endX, endY) = (position(in: x, ahead: aheadX), position(in: y, ahead: aheadY))
        let rest =
            endX == x.stored.count - 1
            ? Self.lastIncrement(of: x.stored, with: y.stored, from: endY)
            : Self.lastIncrement(of: y.stored, with: x.stored, from: endX)
        return try HayashiYoshida(
            covariance: products.total + rest,
            squares: (x.squareSum, y.squareSum),
            increments: increments
        )
    }

    private func position(in series: TickSeries, ahead: Int) -> Int {
        max(ahead - series.removed, series.first + 1)
    }

    /// The products of the last increment of one leg and those of the other that end at a position or later.
    private static func lastIncrement(of leg: [TimedValue], with other: [TimedValue], from position: Int) -> Double {
        let (start, end) = (leg[leg.count - 2], leg[leg.count - 1])
        let first = index(in: other, from: position) { $0.time > start.time }
        guard first < other.count, other[first - 1].time < end.time else { return 0 }
        // The increments in between add up to the difference of two values.
        let last = min(index(in: other, from: first) { $0.time >= end.time }, other.count - 1)
        return (end.value - start.value) * (other[last].value - other[first - 1].value)
    }

    /// The first position that satisfies a condition which, once true, stays so.
    private static func index(
        in ticks: [TimedValue],
        from position: Int,
        where isBeyond: (TimedValue) -> Bool
    ) -> Int {
        var (low, high) = (position, ticks.count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(ticks[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
