/// A sum of decimals that is exact, so that it does not depend on the order in which trades arrive.
struct DecimalSum: Sendable {
    private var mantissa: Int128 = 0
    private var scale = 0
    /// What did not fit 127 bits; zero for every quantity of a real market.
    private var spilled = 0.0

    init(_ first: FixedDecimal) {
        add(first)
    }

    mutating func add(_ value: FixedDecimal) {
        var term = Int128(value.mantissa)
        let valueScale = Int(value.scale)
        if valueScale > scale {
            let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: Self.power(valueScale - scale))
            if overflow { spill() } else { mantissa = scaled }
            scale = valueScale
        } else if valueScale < scale {
            term *= Self.power(scale - valueScale)
        }
        var (sum, overflow) = mantissa.addingReportingOverflow(term)
        if overflow {
            spill()
            sum = term
        }
        mantissa = sum
    }

    /// The double nearest to the sum while its digits fit 53 bits, otherwise within two units of the last place.
    var doubleValue: Double {
        Double(mantissa) / FixedDecimal.powersOfTen[scale] + spilled
    }

    private mutating func spill() {
        spilled = doubleValue
        mantissa = 0
    }

    /// 10^exponent for 0 to 18, which fits 64 bits.
    private static func power(_ exponent: Int) -> Int128 {
        Int128(FixedDecimal.powersOfTen[exponent])
    }
}
