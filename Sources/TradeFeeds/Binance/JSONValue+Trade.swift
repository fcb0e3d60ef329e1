import MarketData

extension JSONValue {
    /// The bytes of a string.
    func text(in bytes: RawSpan) throws(DecodeFailure) -> Range<Int> {
        switch kind {
        case .string: return start..<end
        case .escapedString: throw .unsupportedEscape
        case .missing: throw .missingField
        default: throw .wrongType
        }
    }

    /// A whole number from 0 to the greatest of 63 bits.
    func integer(in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        guard kind == .number else { throw kind == .missing ? DecodeFailure.missingField : .wrongType }
        var isNegative = false
        var isOverflow = false
        var number: Int64 = 0
        for index in start..<end {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 {
                guard byte == UInt8(ascii: "-") else { throw .wrongType }
                isNegative = true
                continue
            }
            let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(Int64(digit))
            isOverflow = isOverflow || tooLarge || carried
            number = sum
        }
        guard !isNegative, !isOverflow else { throw .numberOutOfRange }
        return number
    }

    /// `true` or `false`.
    func bool(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        guard kind == .bool else { throw kind == .missing ? DecodeFailure.missingField : .wrongType }
        return bytes.unsafeLoad(fromByteOffset: start, as: UInt8.self) == UInt8(ascii: "t")
    }

    /// A decimal in a string, or as a plain number where its text is that decimal to the letter; nil when it has more
    /// digits than fit.
    func decimal(in bytes: RawSpan) throws(DecodeFailure) -> FixedDecimal? {
        switch kind {
        case .string, .number: break
        case .escapedString: throw .unsupportedEscape
        case .missing: throw .missingField
        default: throw .wrongType
        }
        do {
            return try FixedDecimal(ascii: bytes.extracting(start..<end))
        } catch {
            switch error {
            case .malformed: throw .malformedDecimal
            case .overflow: return nil
            }
        }
    }
}
