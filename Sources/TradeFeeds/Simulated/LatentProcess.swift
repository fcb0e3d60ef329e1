import RealModule

/// The process beneath one simulated instrument: the log price of a driver, or the spread of a follower.
///
/// Both are Markov and, run backward, of the same law, so the past is drawn from the start backward with exact
/// transitions over any step: increments of the random walk, and
/// `s(t-Δ) = φ·s(t) + σ·√(1-φ²)·ε` with `φ = 2^(-Δ/halfLife)` for the spread.
struct LatentProcess: Sendable {
    /// Seconds of the past on a grid of one second; before that one minute.
    static let finePast = 7200

    private let instrument: SimulatedInstrument
    private var pastGenerator: Xoshiro256
    private var liveGenerator: Xoshiro256
    /// Values at 0, 1, 2 … seconds before the start.
    private var fine: [Double]
    /// Values at 0, 1, 2 … minutes before the oldest of `fine`, which it repeats.
    private var coarse: [Double] = []
    /// How many seconds `fine` reaches back, so that its end is a full minute.
    private let fineLength: Int
    /// The value at the present second of the run.
    private(set) var value: Double

    init(_ instrument: SimulatedInstrument, seed: UInt64, fineLength: Int) {
        self.instrument = instrument
        self.fineLength = fineLength
        var seeds = SplitMix64(seed: seed)
        pastGenerator = Xoshiro256(seed: seeds.next())
        liveGenerator = Xoshiro256(seed: seeds.next())
        value =
            instrument.driver == nil
            ? Double.log(instrument.price) : instrument.spreadVolatility * pastGenerator.gaussian()
        fine = [value]
    }

    /// Moves the present on by one second, with noise that many times as large.
    mutating func step(noise: Double) {
        value = next(value, seconds: 1, noise: noise, using: &liveGenerator)
    }

    /// Moves a follower's spread on by one second in which its price is a random walk of its own: it loses the
    /// driver's part and gains one of the same size.
    mutating func stepDecoupled(driverMove: Double, driverVolatility: Double) {
        let own = instrument.decoupledDeviation(driverVolatility: driverVolatility)
        value += own * liveGenerator.gaussian() - instrument.hedgeRatio * driverMove
    }

    /// The value so many seconds before the start; beyond the fine grid only full minutes of it exist.
    mutating func past(_ seconds: Int) -> Double {
        while fine.count <= min(seconds, fineLength) {
            fine.append(next(fine[fine.count - 1], seconds: 1, noise: 1, using: &pastGenerator))
        }
        if seconds <= fineLength { return fine[seconds] }
        if coarse.isEmpty { coarse = [fine[fineLength]] }
        let minutes = (seconds - fineLength) / 60
        while coarse.count <= minutes {
            coarse.append(next(coarse[coarse.count - 1], seconds: 60, noise: 1, using: &pastGenerator))
        }
        return coarse[minutes]
    }

    private func next(_ value: Double, seconds: Double, noise: Double, using generator: inout Xoshiro256) -> Double {
        let kept = instrument.driver == nil ? value : instrument.spreadDecay(seconds: seconds) * value
        return kept + instrument.ownDeviation(seconds: seconds) * noise * generator.gaussian()
    }
}
