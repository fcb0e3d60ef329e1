import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014) with uniform and normal variates: the same numbers on every run.
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: some BinaryInteger) {
        state = UInt64(truncatingIfNeeded: seed)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// In 0..<1.
    package mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Box and Muller.
    package mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    /// Normal steps summed up.
    package mutating func walk(_ count: Int) -> [Double] {
        var level = 0.0
        return (0..<count).map { _ in
            level += normal()
            return level
        }
    }

    /// First-order autoregression started at 0.
    package mutating func autoregression(_ phi: Double, count: Int) -> [Double] {
        var value = 0.0
        return (0..<count).map { _ in
            value = phi * value + normal()
            return value
        }
    }
}
