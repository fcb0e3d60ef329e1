/// Why a decimal text is not a ``FixedDecimal``.
public enum DecimalError: String, Error, Sendable {
    /// Not digits with at most one point between them.
    case malformed
    /// A number, but one with more digits than 63 bits or 18 decimals hold.
    case overflow = "decimal_overflow"
}
