package import MarketData

extension JSONValue {
    /// A time in ISO 8601, in UTC with `Z`: `2021-04-17T16:43:30.244075Z`, with up to nine decimals or none; digits
    /// below a microsecond are truncated.
    package func dateTime(in bytes: RawSpan) throws(DecodeFailure) -> Timestamp {
        let range = try text(in: bytes)
        let marks =
            [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (range.count - 1, "Z")] as [(Int, Unicode.Scalar)]
        guard range.count >= Self.leastLength,
            marks.allSatisfy({ offset, mark in
                bytes.unsafeLoad(fromByteOffset: start + offset, as: UInt8.self) == UInt8(ascii: mark)
            }),
            let date = ISO8601(bytes, range)
        else { throw .malformedTime }
        let time = Timestamp(microseconds: date.microseconds)
        guard time.microseconds >= 0, time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        return time
    }

    /// The length of `2021-04-17T16:43:30Z`.
    private static let leastLength = 20
}
