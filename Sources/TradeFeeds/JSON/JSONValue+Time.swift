import MarketData

extension JSONValue {
    /// A time in ISO 8601, in UTC with `Z`: `2021-04-17T16:43:30.244075Z`, with up to nine decimals or none; what is
    /// finer than a microsecond is cut off.
    func dateTime(in bytes: RawSpan) throws(DecodeFailure) -> Timestamp {
        _ = try text(in: bytes)
        var reader = DateTimeReader(index: start, end: end)
        let year = try reader.number(digits: 4, in: bytes)
        try reader.expect(UInt8(ascii: "-"), in: bytes)
        let month = try reader.number(digits: 2, in: bytes)
        try reader.expect(UInt8(ascii: "-"), in: bytes)
        let day = try reader.number(digits: 2, in: bytes)
        try reader.expect(UInt8(ascii: "T"), in: bytes)
        let hour = try reader.number(digits: 2, in: bytes)
        try reader.expect(UInt8(ascii: ":"), in: bytes)
        let minute = try reader.number(digits: 2, in: bytes)
        try reader.expect(UInt8(ascii: ":"), in: bytes)
        let second = try reader.number(digits: 2, in: bytes)
        let microsecond = try reader.fraction(in: bytes)
        try reader.expect(UInt8(ascii: "Z"), in: bytes)
        guard reader.index == end, (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
            hour < 24, minute < 60, second < 60
        else { throw .malformedTime }
        let seconds = ((Self.daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        let time = Timestamp(microseconds: seconds * 1_000_000 + microsecond)
        guard seconds >= 0, time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        return time
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the proleptic Gregorian calendar since 1970-01-01, counted in eras of 400 years that begin in March
    /// (Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; years from 0).
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// A position in the text of a time.
private struct DateTimeReader {
    var index: Int
    let end: Int

    mutating func expect(_ byte: UInt8, in bytes: RawSpan) throws(DecodeFailure) {
        guard index < end, bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == byte else {
            throw .malformedTime
        }
        index += 1
    }

    mutating func number(digits: Int, in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit(in: bytes) else { throw .malformedTime }
            number = number * 10 + digit
        }
        return number
    }

    /// The microseconds after a point, 0 without one.
    mutating func fraction(in bytes: RawSpan) throws(DecodeFailure) -> Int64 {
        guard index < end, bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: ".") else {
            return 0
        }
        index += 1
        var microseconds: Int64 = 0
        var digits = 0
        while let digit = digit(in: bytes) {
            digits += 1
            if digits <= 6 { microseconds = microseconds * 10 + digit }
        }
        guard (1...9).contains(digits) else { throw .malformedTime }
        for _ in digits..<max(6, digits) { microseconds *= 10 }
        return microseconds
    }

    /// The next digit, passed over; nil for anything else.
    private mutating func digit(in bytes: RawSpan) -> Int64? {
        guard index < end else { return nil }
        let digit = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        index += 1
        return Int64(digit)
    }
}
