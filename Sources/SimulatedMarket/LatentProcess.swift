import RealModule

/// The latent process of one simulated instrument: the log price of a driver, or the spread of a follower.
///
/// Both are Markov processes with the same law in reversed time, so the past is drawn backward from the start with
/// exact transitions over any step: increments of the random walk, and `s(t-Δ) = φ·s(t) + σ·√(1-φ²)·ε` with
/// `φ = 2^(-Δ/halfLife)` for the spread.
struct LatentProcess: Sendable {
    /// The length of the past with a grid of one second, in seconds; before that the grid is one minute.
    static let finePast = 7200

    private let instrument: SimulatedInstrument
    private var pastGenerator: Xoshiro256
    private var liveGenerator: Xoshiro256
    /// Values at 0, 1, 2 … seconds before the start.
    private var fine: [Double]
    /// Values at 0, 1, 2 … minutes before the oldest of `fine`, which it repeats.
    private var coarse: [Double] = []
    /// The length of `fine` in seconds, chosen so that its end is a full minute.
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

    /// Advances the process by one second, with the noise multiplied by a factor.
    mutating func step(noise: Double) {
        value = next(value, seconds: 1, noise: noise, using: &liveGenerator)
    }

    /// Advances a follower's spread by one second in which its price is an independent random walk: the driver's
    /// contribution is replaced by noise of the same size.
    mutating func stepDecoupled(driverMove: Double, driverVolatility: Double) {
        let own = instrument.decoupledDeviation(driverVolatility: driverVolatility)
        value += own * liveGenerator.gaussian() - instrument.hedgeRatio * driverMove
    }

    /// The value at a number of seconds before the start; beyond the fine grid only at full minutes.
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
