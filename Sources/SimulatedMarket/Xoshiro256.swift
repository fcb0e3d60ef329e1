import RealModule

/// The generator xoshiro256++ seeded by SplitMix64 (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
/// Generators", 2021): the same seed generates the same market on every machine.
struct Xoshiro256: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var spareGaussian: Double?

    init(seed: UInt64) {
        var splitMix = SplitMix64(seed: seed)
        state = (splitMix.next(), splitMix.next(), splitMix.next(), splitMix.next())
    }

    mutating func next() -> UInt64 {
        func rotated(_ word: UInt64, by count: UInt64) -> UInt64 { word << count | word >> (64 - count) }
        let result = rotated(state.0 &+ state.3, by: 23) &+ state.0
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, by: 45)
        return result
    }

    /// Uniform in the open interval (0, 1).
    mutating func uniform() -> Double {
        (Double(next() >> 12) + 0.5) * 0x1p-52
    }

    /// Standard normal, by Marsaglia's polar method.
    mutating func gaussian() -> Double {
        if let spare = spareGaussian {
            spareGaussian = nil
            return spare
        }
        while true {
            let u = 2 * uniform() - 1
            let v = 2 * uniform() - 1
            let square = u * u + v * v
            if square > 0, square < 1 {
                let factor = (-2 * Double.log(square) / square).squareRoot()
                spareGaussian = v * factor
                return u * factor
            }
        }
    }

    /// Poisson, by Knuth's product of uniform numbers, in parts so that the exponential does not underflow.
    mutating func poisson(mean: Double) -> Int {
        var count = 0
        var rest = mean
        while rest > 0 {
            let part = min(rest, 30)
            let limit = Double.exp(-part)
            var product = uniform()
            while product > limit {
                count += 1
                product *= uniform()
            }
            rest -= part
        }
        return count
    }
}
