/// The shortest decimal that reads back as a given double, and the closest of these to it.
///
/// Algorithm: R. Giulietti, "The Schubfach way to render doubles" (2020). Returns the digits of `Double.description`,
/// without an allocation per value.
struct ShortestDecimal {
    /// Decimal digits, without trailing zeros unless the value is 0.
    let digits: UInt64
    /// The value is `digits` · 10^`exponent`.
    let exponent: Int

    /// Converts the magnitude of a finite number.
    init(magnitudeOf value: Double) {
        let fraction = value.significandBitPattern
        let biasedExponent = Int(value.exponentBitPattern)
        guard fraction != 0 || biasedExponent != 0 else {
            (digits, exponent) = (0, 0)
            return
        }
        // The value is c · 2^q.
        let c = biasedExponent == 0 ? fraction : fraction | 1 << 52
        let q = max(biasedExponent, 1) - 1075
        let isLowerBoundaryCloser = fraction == 0 && biasedExponent > 1
        let (shortest, power) = Self.shortest(c, q, isLowerBoundaryCloser: isLowerBoundaryCloser)
        (digits, exponent) = Self.strippingZeros(shortest, power)
    }

    private static func shortest(_ c: UInt64, _ q: Int, isLowerBoundaryCloser: Bool) -> (UInt64, Int) {
        // ⌊log10 2^q⌋, or of ¾·2^q, and ⌊log2 10^(−k)⌋ in fixed point.
        let k = (isLowerBoundaryCloser ? q * 1_262_611 - 524_031 : q * 1_262_611) >> 22
        let shift = q + ((-k * 1_741_647) >> 19) + 1
        let power = PowersOfTen.shared[-k]

        // Nothing overflows: c has 53 bits, the shift is 1 to 4, and a product's upper half has 60 bits at most.
        let lowerBoundary = roundedToOdd(power, (4 &* c &- (isLowerBoundaryCloser ? 1 : 2)) &<< shift)
        let scaled = roundedToOdd(power, 4 &* c &<< shift)
        let upperBoundary = roundedToOdd(power, (4 &* c &+ 2) &<< shift)
        // Boundaries round to the value only if its significand is even.
        let odd = c & 1
        let lower = lowerBoundary &+ odd
        let upper = upperBoundary &- odd

        let s = scaled / 4
        if s >= 10 {
            let tens = s / 10
            let isDownInside = lower <= 40 &* tens
            let isUpInside = 40 &* tens &+ 40 <= upper
            if isDownInside != isUpInside { return (tens &+ (isUpInside ? 1 : 0), k &+ 1) }
        }
        let isDownInside = lower <= 4 &* s
        let isUpInside = 4 &* s &+ 4 <= upper
        if isDownInside != isUpInside { return (s &+ (isUpInside ? 1 : 0), k) }
        let middle = 4 &* s &+ 2
        let roundsUp = scaled > middle || (scaled == middle && s & 1 == 1)
        return (s &+ (roundsUp ? 1 : 0), k)
    }

    /// The upper 64 bits of power · factor, with the lowest bit set if lower bits were lost.
    @inline(__always)
    private static func roundedToOdd(_ power: PowersOfTen.Significand, _ factor: UInt64) -> UInt64 {
        let low = power.low.multipliedFullWidth(by: factor)
        let high = power.high.multipliedFullWidth(by: factor)
        let (middle, carry) = high.low.addingReportingOverflow(low.high)
        return (high.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
    }

    private static func strippingZeros(_ digits: UInt64, _ exponent: Int) -> (UInt64, Int) {
        var digits = digits
        var exponent = exponent
        while true {
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { return (digits, exponent) }
            digits = quotient
            exponent &+= 1
        }
    }
}
