/// The layout of a number as text; every layout reads back as the same double.
struct NumberText: Sendable {
    /// Whether an integral number ends in `.0`, which distinguishes floats from integers in OpenMetrics.
    let marksFloats: Bool
    /// Numbers from 10^`positionalDigits` on are written with an exponent.
    let positionalDigits: Int

    /// Sample values of the text format: `12`, `0.5`, `1.5e-07`.
    static let text = NumberText(marksFloats: false, positionalDigits: 16)
    /// Sample values of OpenMetrics: `12.0`, `0.5`, `1.5e-07`.
    static let openMetrics = NumberText(marksFloats: true, positionalDigits: 16)
    /// Bucket bounds of the text format, as Go's `%g` writes them: `1`, `1e+06`.
    static let textBound = NumberText(marksFloats: false, positionalDigits: 6)
    /// Bucket bounds of OpenMetrics in its canonical form: `1.0`, `1e+06`.
    static let openMetricsBound = NumberText(marksFloats: true, positionalDigits: 6)

    /// The greatest number of bytes that ``append(_:to:)`` writes: a sign, a point, 17 digits or 16 before `.0`, and
    /// what storing an exponent's digits may write after `e+0`.
    static let capacity = 24 + DecimalDigits.capacity

    /// Appends a finite number to an output with ``capacity`` bytes free.
    @inline(__always)
    func append(_ value: Double, to output: inout OutputSpan<UInt8>) {
        Self.append(to: &output) { write(value, at: $0) }
    }

    /// Appends a count, which is an integer in every format, to an output with ``capacity`` bytes free.
    static func append(_ count: UInt64, to output: inout OutputSpan<UInt8>) {
        append(to: &output) { start in
            let digits = DecimalDigits(count)
            digits.store(at: start)
            return start + digits.count
        }
    }

    @inline(__always)
    private static func append(
        to output: inout OutputSpan<UInt8>,
        _ write: (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
    ) {
        precondition(output.freeCapacity >= capacity)
        output.withUnsafeMutableBufferPointer { buffer, count in
            guard let base = buffer.baseAddress else { return }
            let start = UnsafeMutableRawPointer(base + count)
            count &+= write(start) - start
        }
    }

    /// Writes a number to memory with room for ``capacity`` bytes, and returns where it ends.
    private func write(_ value: Double, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var end = start
        if value.sign == .minus { Self.put("-", at: &end) }
        // Counts, flags and similar values need no search for their shortest digits.
        if value.magnitude < 1e15 {
            let integer = Int64(value.magnitude)
            if Double(integer) == value.magnitude {
                let digits = DecimalDigits(UInt64(truncatingIfNeeded: integer))
                if digits.count <= positionalDigits {
                    digits.store(at: end)
                    end += digits.count
                    if marksFloats { Self.putFraction(at: &end) }
                    return end
                }
            }
        }
        let decimal = ShortestDecimal(magnitudeOf: value)
        let digits = DecimalDigits(decimal.digits)
        let integerDigits = digits.count &+ decimal.exponent
        if integerDigits < -3 || integerDigits > positionalDigits {
            Self.put(digits, integerDigits: 1, at: &end)
            Self.putExponent(integerDigits &- 1, at: &end)
        } else if integerDigits <= 0 {
            Self.put("0", at: &end)
            Self.put(".", at: &end)
            for _ in integerDigits..<0 { Self.put("0", at: &end) }
            digits.store(at: end)
            end += digits.count
        } else if integerDigits < digits.count {
            Self.put(digits, integerDigits: integerDigits, at: &end)
        } else {
            digits.store(at: end)
            end += digits.count
            for _ in digits.count..<integerDigits { Self.put("0", at: &end) }
            if marksFloats { Self.putFraction(at: &end) }
        }
        return end
    }

    /// Writes digits with a point after the first `integerDigits` of them, without a point if these are all.
    @inline(__always)
    private static func put(_ digits: DecimalDigits, integerDigits: Int, at end: inout UnsafeMutableRawPointer) {
        // All are stored one byte further, and those before the point moved back.
        digits.store(at: end + 1)
        for _ in 0..<integerDigits {
            end.storeBytes(of: (end + 1).load(as: UInt8.self), as: UInt8.self)
            end += 1
        }
        guard digits.count > integerDigits else { return }
        put(".", at: &end)
        end += digits.count &- integerDigits
    }

    @inline(__always)
    private static func put(_ character: Unicode.Scalar, at end: inout UnsafeMutableRawPointer) {
        end.storeBytes(of: UInt8(ascii: character), as: UInt8.self)
        end += 1
    }

    private static func putFraction(at end: inout UnsafeMutableRawPointer) {
        put(".", at: &end)
        put("0", at: &end)
    }

    private static func putExponent(_ exponent: Int, at end: inout UnsafeMutableRawPointer) {
        put("e", at: &end)
        put(exponent < 0 ? "-" : "+", at: &end)
        let digits = DecimalDigits(UInt64(exponent.magnitude))
        if digits.count == 1 { put("0", at: &end) }
        digits.store(at: end)
        end += digits.count
    }
}
