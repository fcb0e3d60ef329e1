public import MarketData

extension JSONValue {
    /// The range of a string's bytes.
    @inlinable
    public func text(in bytes: RawSpan) throws(DecodeFailure) -> Range<Int> {
        switch kind {
        case .string: return start..<end
        case .escapedString: throw .unsupportedEscape
        case .missing: throw .missingField
        default: throw .wrongType
        }
    }

    /// A whole number of at most 63 bits, not negative.
    @inlinable
    public func integer(in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        guard kind == .number else { throw kind == .missing ? DecodeFailure.missingField : .wrongType }
        return try wholeNumber(in: bytes)
    }

    /// A whole number that the venue writes as a string.
    @inlinable
    public func quotedInteger(in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        _ = try text(in: bytes)
        let digits = end - start
        guard digits > 0, digits == 1 || bytes.unsafeLoad(fromByteOffset: start, as: UInt8.self) != UInt8(ascii: "0")
        else { throw .wrongType }
        return try wholeNumber(in: bytes)
    }

    @inlinable
    func wholeNumber(in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        var isNegative = false
        var isOverflow = false
        var number: Int64 = 0
        for index in start..<end {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 {
                guard byte == UInt8(ascii: "-"), index == start, end - start > 1 else { throw .wrongType }
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

    /// A decimal in a string; nil when it has more digits than fit.
    @inlinable
    public func quotedDecimal(in bytes: RawSpan) throws(DecodeFailure) -> FixedDecimal? {
        _ = try text(in: bytes)
        return try decimal(in: bytes)
    }

    /// `buy` or `sell`.
    @inlinable
    public func side(in bytes: RawSpan) throws(DecodeFailure) -> TakerSide {
        _ = try text(in: bytes)
        if equals("buy", in: bytes) { return .buy }
        if equals("sell", in: bytes) { return .sell }
        throw .wrongType
    }

    /// `true` or `false`.
    @inlinable
    public func bool(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        guard kind == .bool else { throw kind == .missing ? DecodeFailure.missingField : .wrongType }
        return bytes.unsafeLoad(fromByteOffset: start, as: UInt8.self) == UInt8(ascii: "t")
    }

    /// A decimal in a string or a plain number, whose text is the exact decimal; nil when it has more digits than fit.
    @inlinable
    public func decimal(in bytes: RawSpan) throws(DecodeFailure) -> FixedDecimal? {
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
