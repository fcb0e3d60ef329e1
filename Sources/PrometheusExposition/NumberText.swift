/// How a number is laid out as text; every style reads back as the same double.
struct NumberText: Sendable {
    /// Whether an integral number ends in `.0`, which tells floats from integers in OpenMetrics.
    let marksFloats: Bool
    /// Numbers from 10^this on are written with an exponent.
    let positionalDigits: Int

    /// Sample values of the text format: `12`, `0.5`, `1.5e-07`.
    static let text = NumberText(marksFloats: false, positionalDigits: 16)
    /// Sample values of OpenMetrics: `12.0`, `0.5`, `1.5e-07`.
    static let openMetrics = NumberText(marksFloats: true, positionalDigits: 16)
    /// Bucket bounds of the text format, as Go's `%g` writes them: `1`, `1e+06`.
    static let textBound = NumberText(marksFloats: false, positionalDigits: 6)
    /// Bucket bounds of OpenMetrics in its canonical form: `1.0`, `1e+06`.
    static let openMetricsBound = NumberText(marksFloats: true, positionalDigits: 6)

    /// The greatest number of bytes that ``append(_:to:)`` writes: sign, `0.000`, 17 digits; or sign, 17 digits, point,
    /// and exponent.
    static let capacity = 32

    /// Appends a finite number to an output with ``capacity`` bytes free.
    func append(_ value: Double, to output: inout OutputSpan<UInt8>) {
        if value.sign == .minus { output.append(UInt8(ascii: "-")) }
        // Counts, flags and the like need no search for their shortest digits.
        if value.magnitude < 1e15, let integer = UInt64(exactly: value.magnitude) {
            let digits = DecimalDigits(integer)
            if digits.count <= positionalDigits {
                digits.append(0..<digits.count, to: &output)
                if marksFloats { appendFraction(to: &output) }
                return
            }
        }
        let decimal = ShortestDecimal(magnitudeOf: value)
        let digits = DecimalDigits(decimal.digits)
        let integerDigits = digits.count + decimal.exponent
        if integerDigits < -3 || integerDigits > positionalDigits {
            digits.append(0..<1, to: &output)
            if digits.count > 1 {
                output.append(UInt8(ascii: "."))
                digits.append(1..<digits.count, to: &output)
            }
            Self.appendExponent(integerDigits - 1, to: &output)
        } else if integerDigits <= 0 {
            output.append(UInt8(ascii: "0"))
            output.append(UInt8(ascii: "."))
            output.append(repeating: UInt8(ascii: "0"), count: -integerDigits)
            digits.append(0..<digits.count, to: &output)
        } else if integerDigits < digits.count {
            digits.append(0..<integerDigits, to: &output)
            output.append(UInt8(ascii: "."))
            digits.append(integerDigits..<digits.count, to: &output)
        } else {
            digits.append(0..<digits.count, to: &output)
            output.append(repeating: UInt8(ascii: "0"), count: integerDigits - digits.count)
            if marksFloats { appendFraction(to: &output) }
        }
    }

    private func appendFraction(to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "."))
        output.append(UInt8(ascii: "0"))
    }

    /// Appends a count, which is an integer in every format.
    static func append(_ count: UInt64, to output: inout OutputSpan<UInt8>) {
        let digits = DecimalDigits(count)
        digits.append(0..<digits.count, to: &output)
    }

    private static func appendExponent(_ exponent: Int, to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "e"))
        output.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        let digits = DecimalDigits(UInt64(exponent.magnitude))
        if digits.count == 1 { output.append(UInt8(ascii: "0")) }
        digits.append(0..<digits.count, to: &output)
    }
}
