/// Covariance and correlation of two series of ticks that do not trade at the same times, without bars.
///
/// Hayashi and Yoshida 2005: the products of all pairs of increments whose intervals overlap. Bars of a few seconds
/// understate the correlation of a thin leg (Epps); this does not. Noise of the ticks (bid-ask bounce) inflates the
/// variances and latency separates what belongs together, both of which lower the correlation: the ticks of liquid
/// instruments should be sampled first, by an interval.
public struct HayashiYoshida: Sendable, Equatable {
    /// Σ ΔX·ΔY over overlapping intervals, in the unit of both values multiplied.
    let covariance: Double
    /// The covariance over √(ΣΔX²·ΣΔY²), held within -1...1, which the estimator itself may leave.
    public let correlation: Double
    /// Increments of x in the estimate.
    public let incrementsX: Int
    /// Increments of y in the estimate.
    public let incrementsY: Int

    /// Estimates from the ticks of two instruments over one span, oldest first.
    ///
    /// Of several ticks in one interval the last counts, at its own time; a tick older than one before it is not used.
    /// O(n) time.
    ///
    /// - Parameters:
    ///   - x: ticks of one instrument.
    ///   - y: ticks of the other.
    ///   - interval: in the unit of the times, at least 1, with which every time counts for itself; the intervals begin
    ///     at its multiples.
    /// - Throws: `tooFew` below two increments of either leg or when a value is not finite, `flatLeg` when a leg never
    ///   changes.
    public init(x: [TimedValue], y: [TimedValue], interval: Int64 = 1) throws(UndefinedStatistic) {
        guard x.allSatisfy({ $0.value.isFinite }), y.allSatisfy({ $0.value.isFinite }) else { throw .tooFew }
        let x = Self.distinct(x, interval: max(1, interval))
        let y = Self.distinct(y, interval: max(1, interval))
        guard x.count >= 3, y.count >= 3 else { throw .tooFew }
        var sum = 0.0
        // Increments of y that overlap one of x add up to the difference of two values of y.
        var before = 0
        var after = 0
        for index in 1..<x.count {
            let (start, end) = (x[index - 1].time, x[index].time)
            while before + 1 < y.count, y[before + 1].time <= start { before += 1 }
            while after + 1 < y.count, y[after].time < end { after += 1 }
            sum += (x[index].value - x[index - 1].value) * (y[after].value - y[before].value)
        }
        try self.init(
            covariance: sum,
            squares: (Self.squares(x), Self.squares(y)),
            increments: (x.count - 1, y.count - 1)
        )
    }

    /// The estimate from the sum of the products and those of the squares.
    init(
        covariance: Double,
        squares: (x: Double, y: Double),
        increments: (x: Int, y: Int)
    ) throws(UndefinedStatistic) {
        guard min(increments.x, increments.y) >= 2 else { throw .tooFew }
        guard squares.x > 0, squares.y > 0 else { throw .flatLeg }
        let scale = squares.x.squareRoot() * squares.y.squareRoot()
        guard scale > 0, (covariance / scale).isFinite else { throw .tooFew }
        self.covariance = covariance
        correlation = min(1, max(-1, covariance / scale))
        incrementsX = increments.x
        incrementsY = increments.y
    }

    private static func distinct(_ ticks: [TimedValue], interval: Int64) -> [TimedValue] {
        var result: [TimedValue] = []
        result.reserveCapacity(ticks.count)
        for tick in ticks {
            if let last = result.last {
                if tick.time < last.time { continue }
                if tick.time.interval(of: interval) == last.time.interval(of: interval) { result.removeLast() }
            }
            result.append(tick)
        }
        return result
    }

    private static func squares(_ ticks: [TimedValue]) -> Double {
        zip(ticks.dropFirst(), ticks).reduce(0) { sum, pair in
            let step = pair.0.value - pair.1.value
            return sum + step * step
        }
    }
}
