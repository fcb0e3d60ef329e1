import RealModule

/// One cell of the grid of a simulated past, between two adjacent moments: the last trade of an instrument in it, and
/// the path of a process between its two known values.
///
/// All values are computed from the seed, so that bars of every timeframe agree.
struct PastCell: Sendable {
    private static let steps = 16

    /// The seed of the market.
    let seed: UInt64
    /// Seconds from the end of the cell to the start of the run.
    let end: Int
    let seconds: Int

    /// The number of an instrument's trades in the cell, and the time of the last one as a share of the cell; nil
    /// without a trade.
    func trades(of instrument: Int, perSecond rate: Double) -> (count: Int, last: Double)? {
        var generator = generator(instrument, purpose: 1)
        let mean = rate * Double(seconds)
        // The normal approximation is sufficient for a large mean.
        let count =
            mean > 50
            ? Int((mean + mean.squareRoot() * generator.gaussian()).rounded()) : generator.poisson(mean: mean)
        guard count > 0 else { return nil }
        return (count, Double.pow(generator.uniform(), 1 / Double(count)))
    }

    /// The distance of a process with a standard deviation of 1 over the cell from the straight line between its values
    /// at the ends, at a share of the cell: a Brownian bridge, linear between sixteenths.
    func deviation(of process: Int, at share: Double) -> Double {
        var generator = generator(process, purpose: 2)
        let position = min(max(share, 0), 1) * Double(Self.steps)
        var walk = 0.0
        var reached = 0.0
        for step in 0..<Self.steps {
            let move = generator.gaussian() / Double(Self.steps).squareRoot()
            walk += move
            reached += move * min(max(position - Double(step), 0), 1)
        }
        return reached - share * walk
    }

    private func generator(_ index: Int, purpose: UInt64) -> Xoshiro256 {
        Xoshiro256(seed: seed &+ purpose << 56 &+ UInt64(index) << 48 &+ UInt64(end))
    }
}
