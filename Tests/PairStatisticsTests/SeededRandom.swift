import Foundation

/// SplitMix64 with uniform and normal variates: the same numbers on every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// In 0..<1.
    mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Box and Muller.
    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    /// Normal steps summed up.
    mutating func walk(_ count: Int) -> [Double] {
        var level = 0.0
        return (0..<count).map { _ in
            level += normal()
            return level
        }
    }

    /// First-order autoregression started at 0.
    mutating func autoregression(_ phi: Double, count: Int) -> [Double] {
        var value = 0.0
        return (0..<count).map { _ in
            value = phi * value + normal()
            return value
        }
    }
}
