import RealModule

/// What happens between two neighbouring moments of the grid of a simulated past: when an instrument last trades, and
/// which way a process goes between its two known values.
///
/// Everything follows from the seed, so that each bar that covers the cell shows the same.
struct PastCell: Sendable {
    private static let steps = 16

    /// Of the market.
    let seed: UInt64
    /// Seconds from the end of the cell to the start of the run.
    let end: Int
    let seconds: Int

    /// How often an instrument trades in the cell, and after which share of it the last time; nil without a trade.
    func trades(of instrument: Int, perSecond rate: Double) -> (count: Int, last: Double)? {
        var generator = generator(instrument, purpose: 1)
        let mean = rate * Double(seconds)
        // Of a great number the normal approximation is good enough.
        let count =
            mean > 50
            ? Int((mean + mean.squareRoot() * generator.gaussian()).rounded()) : generator.poisson(mean: mean)
        guard count > 0 else { return nil }
        return (count, Double.pow(generator.uniform(), 1 / Double(count)))
    }

    /// How far a process with a standard deviation of 1 over the cell is from the straight line between its values at the
    /// ends of the cell, after a share of it: a Brownian bridge, linear between sixteenths.
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
