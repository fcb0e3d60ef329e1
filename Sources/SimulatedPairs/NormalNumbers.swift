import RealModule

/// Uniform and normal numbers from a seed (SplitMix64, Steele, Lea and Flood 2014): the same on every machine.
package struct NormalNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64
    /// Box and Muller make two at a time.
    private var spare: Double?

    /// A generator that starts from a seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number above 0 and below 1.
    package mutating func uniform() -> Double {
        (Double(next() >> 12) + 0.5) * 0x1p-52
    }

    /// A standard normal number (Box and Muller 1958).
    package mutating func normal() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        let radius = (-2 * Double.log(uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spare = radius * .sin(angle)
        return radius * .cos(angle)
    }
}
