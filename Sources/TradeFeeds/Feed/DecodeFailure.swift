/// Why a frame or a line contains no valid trade; the raw value is the label `reason`.
public enum DecodeFailure: String, Error, Sendable, CaseIterable {
    /// Truncated, or not JSON (RFC 8259).
    case invalidJSON = "invalid_json"
    /// Bytes that are not UTF-8.
    case invalidUTF8 = "invalid_utf8"
    /// A key or value of the trade with an escape that no name or number contains: a quote, a backslash, a control
    /// character, or half of a surrogate pair.
    case unsupportedEscape = "unsupported_escape"
    /// A field of the trade occurs twice, so the valid one is unknown.
    case duplicateField = "duplicate_field"
    /// A field of the trade is missing.
    case missingField = "missing_field"
    /// A field of the trade has another type than the venue documents.
    case wrongType = "wrong_type"
    /// An id or a time that no trade can have: negative, beyond 63 bits, or a time after the year 2100.
    case numberOutOfRange = "number_out_of_range"
    /// A symbol that was not subscribed.
    case unknownSymbol = "unknown_symbol"
    /// A price or quantity that is not a plain decimal number, such as `NaN` or `1e5`.
    case malformedDecimal = "malformed_decimal"
    /// A time that is not ISO 8601 in UTC, such as `2021-04-17T16:43:30.244075Z`.
    case malformedTime = "malformed_time"
    /// The venue answered a request, such as a subscription, with an error.
    case refused
    /// Larger than any trade message.
    case oversized
}

extension DecodeFailure {
    /// The failure with its root cause: text that is not UTF-8 cannot be JSON.
    package func refined(for bytes: RawSpan) -> DecodeFailure {
        self == .invalidJSON && !UTF8Check.isValid(bytes, 0..<bytes.byteCount) ? .invalidUTF8 : self
    }
}
