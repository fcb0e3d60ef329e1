/// 128-bit significands of the powers of ten that shortest-decimal conversion needs.
///
/// Entry k is ⌈10^k · 2^(127 − ⌊log2 10^k⌋)⌉, computed with exact integers at first use instead of being stored as a
/// table of 617 constants.
struct PowersOfTen: Sendable {
    /// The significand's upper and lower 64 bits.
    struct Significand: Sendable {
        let high: UInt64
        let low: UInt64
    }

    /// The smallest and the greatest power.
    static let range = -292...324

    static let shared = PowersOfTen()

    private let significands: [Significand]

    private init() {
        // 10^k for k < 0 as ⌊2^bits / 10^|k|⌋: 10^292 takes 970 bits, and 128 of the quotient must remain.
        let bits = 1152
        var limbs = [UInt32](repeating: 0, count: bits / 32 + 1)
        limbs[bits / 32] = 1
        var negative: [Significand] = []
        for _ in 1...(-Self.range.lowerBound) {
            var remainder: UInt64 = 0
            for index in limbs.indices.reversed() {
                let value = remainder << 32 | UInt64(limbs[index])
                limbs[index] = UInt32(value / 10)
                remainder = value % 10
            }
            negative.append(Self.leadingBits(of: limbs, roundUp: true))
        }
        limbs = [1]
        var positive = [Self.leadingBits(of: limbs, roundUp: false)]
        for _ in 1...Self.range.upperBound {
            var carry: UInt64 = 0
            for index in limbs.indices {
                let value = UInt64(limbs[index]) * 10 + carry
                limbs[index] = UInt32(truncatingIfNeeded: value)
                carry = value >> 32
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
            positive.append(Self.leadingBits(of: limbs, roundUp: false))
        }
        significands = negative.reversed() + positive
    }

    /// The significand of 10^exponent; `exponent` lies in ``range``.
    subscript(exponent: Int) -> Significand {
        significands[exponent - Self.range.lowerBound]
    }

    /// The 128 leading bits of a little-endian number, rounded up if a lower bit is set or `roundUp` is true.
    private static func leadingBits(of limbs: [UInt32], roundUp: Bool) -> Significand {
        let top = (limbs.lastIndex { $0 != 0 } ?? 0) + 1
        let shift = limbs[top - 1].leadingZeroBitCount
        func limb(_ position: Int) -> UInt64 {
            let index = top - 1 - position
            let current = index >= 0 ? UInt64(limbs[index]) : 0
            let next = index >= 1 ? UInt64(limbs[index - 1]) : 0
            return ((current << 32 | next) << shift) >> 32
        }
        var high = limb(0) << 32 | limb(1)
        var low = limb(2) << 32 | limb(3)
        let dropped = top > 4 && (limb(4) != 0 || limbs[..<max(top - 5, 0)].contains { $0 != 0 })
        if dropped || roundUp {
            let (sum, overflow) = low.addingReportingOverflow(1)
            low = sum
            if overflow { high += 1 }
        }
        return Significand(high: high, low: low)
    }
}
