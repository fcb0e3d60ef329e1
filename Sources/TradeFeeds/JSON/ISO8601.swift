package import MarketData

/// A date and time in ISO 8601, or with a space in place of the `T` as in tables: `2024-08-08`, `20240808`,
/// `2024-08-08 02:00`, `2024-08-08T00:00:00.123456789Z`, `2024-08-08 02:00:00+02:00`.
///
/// Without an offset the time is UTC. Digits below a microsecond are truncated.
package struct ISO8601 {
    /// Microseconds since the epoch.
    package let microseconds: Int64

    /// Reads a complete range; nil for other text.
    package init?(_ bytes: RawSpan, _ range: Range<Int>) {
        var reader = Reader(index: range.lowerBound, end: range.upperBound)
        guard let days = reader.days(in: bytes) else { return nil }
        var microsecond: Int64 = 0
        if !reader.isAtEnd {
            guard let separator = reader.next(in: bytes),
                Self.separators.contains(separator),
                let time = reader.timeOfDay(in: bytes)
            else { return nil }
            microsecond = time
        }
        guard let offset = reader.offset(in: bytes), reader.isAtEnd else { return nil }
        microseconds = (days * 86_400 - offset) * 1_000_000 + microsecond
    }

    /// The microseconds since midnight of `00:00`, `00:00:00.123` or `000000`; nil when it is no time of day.
    package static func timeOfDay(_ bytes: RawSpan, _ range: Range<Int>) -> Int64? {
        var reader = Reader(index: range.lowerBound, end: range.upperBound)
        guard let time = reader.timeOfDay(in: bytes), reader.isAtEnd else { return nil }
        return time
    }

    /// A moment as `2024-08-08T00:00:00Z`, with the decimals that it has.
    package static func text(_ time: Timestamp) -> String {
        let (second, part) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let whole = part < 0 ? second - 1 : second
        let fraction = part < 0 ? part + 1_000_000 : part
        let (quotient, remainder) = whole.quotientAndRemainder(dividingBy: 86_400)
        let day = remainder < 0 ? quotient - 1 : quotient
        let seconds = whole - day * 86_400
        let date = civilDate(day)
        func padded(_ number: Int64, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        text += "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        if fraction != 0 {
            let digits = padded(fraction, 6)
            text += "." + digits.prefix(fraction % 1000 == 0 ? 3 : 6)
        }
        return text + "Z"
    }

    /// The date of a day since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    private static func civilDate(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    /// The separators of date and time; BitMEX uses `D`.
    private static let separators: [UInt8] = [UInt8(ascii: "T"), UInt8(ascii: " "), UInt8(ascii: "D")]

    private struct Reader {
        var index: Int
        let end: Int

        var isAtEnd: Bool { index == end }

        /// The days since the epoch of `yyyy-mm-dd`, also with `/`, `.` or nothing between.
        mutating func days(in bytes: RawSpan) -> Int64? {
            guard let year = number(digits: 4, in: bytes), let separator = peek(in: bytes) else { return nil }
            let isSeparated = [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(separator)
            if isSeparated { index += 1 }
            guard let month = number(digits: 2, in: bytes), (1...12).contains(month),
                !isSeparated || skip(separator, in: bytes), let day = number(digits: 2, in: bytes),
                (1...Self.days(in: month, of: year)).contains(day)
            else { return nil }
            return Self.daysSinceEpoch(year, month, day)
        }

        /// The microseconds of `hh`, `hh:mm`, `hh:mm:ss` or `hhmmss`, the seconds with up to nine decimals; `04-PM` as
        /// well, which CryptoDataDownload's hourly files have.
        mutating func timeOfDay(in bytes: RawSpan) -> Int64? {
            guard let hour = number(digits: 2, in: bytes) else { return nil }
            if let hour = hourOfHalfDay(hour, in: bytes) { return hour * 3_600_000_000 }
            var seconds = hour * 3600
            var fraction: Int64 = 0
            guard hour < 24 else { return nil }
            let isSeparated = skip(UInt8(ascii: ":"), in: bytes)
            if isSeparated || isDigit(in: bytes) {
                guard let minute = number(digits: 2, in: bytes), minute < 60 else { return nil }
                seconds += minute * 60
                if isSeparated ? skip(UInt8(ascii: ":"), in: bytes) : isDigit(in: bytes) {
                    guard let second = number(digits: 2, in: bytes), second < 60,
                        let microseconds = self.fraction(in: bytes)
                    else { return nil }
                    seconds += second
                    fraction = microseconds
                }
            }
            return seconds * 1_000_000 + fraction
        }

        /// The seconds east of UTC of `Z`, `UTC`, `+02:00`, `+0200` or `+02`.
        mutating func offset(in bytes: RawSpan) -> Int64? {
            if isAtEnd { return 0 }
            if skip(UInt8(ascii: "Z"), in: bytes) { return 0 }
            _ = skip(UInt8(ascii: " "), in: bytes)
            if skip(UInt8(ascii: "U"), in: bytes) {
                return skip(UInt8(ascii: "T"), in: bytes) && skip(UInt8(ascii: "C"), in: bytes) ? 0 : nil
            }
            let isWest = skip(UInt8(ascii: "-"), in: bytes)
            guard isWest || skip(UInt8(ascii: "+"), in: bytes), let hours = number(digits: 2, in: bytes), hours <= 18
            else { return nil }
            var seconds = hours * 3600
            if skip(UInt8(ascii: ":"), in: bytes) || isDigit(in: bytes) {
                guard let minutes = number(digits: 2, in: bytes), minutes < 60 else { return nil }
                seconds += minutes * 60
            }
            return isWest ? -seconds : seconds
        }

        mutating func next(in bytes: RawSpan) -> UInt8? {
            guard let byte = peek(in: bytes) else { return nil }
            index += 1
            return byte
        }

        private mutating func hourOfHalfDay(_ hour: Int64, in bytes: RawSpan) -> Int64? {
            guard end - index == 3, (1...12).contains(hour), peek(in: bytes) == UInt8(ascii: "-"),
                bytes.unsafeLoad(fromByteOffset: index + 2, as: UInt8.self) == UInt8(ascii: "M")
            else { return nil }
            switch bytes.unsafeLoad(fromByteOffset: index + 1, as: UInt8.self) {
            case UInt8(ascii: "A"): index = end
            case UInt8(ascii: "P"):
                index = end
                return hour % 12 + 12
            default: return nil
            }
            return hour % 12
        }

        /// The microseconds after a point, 0 without one.
        private mutating func fraction(in bytes: RawSpan) -> Int64? {
            guard skip(UInt8(ascii: "."), in: bytes) || skip(UInt8(ascii: ","), in: bytes) else { return 0 }
            var microseconds: Int64 = 0
            var digits = 0
            while isDigit(in: bytes), let digit = next(in: bytes) {
                digits += 1
                if digits <= 6 { microseconds = microseconds * 10 + Int64(digit - UInt8(ascii: "0")) }
            }
            guard (1...9).contains(digits) else { return nil }
            for _ in digits..<max(6, digits) { microseconds *= 10 }
            return microseconds
        }

        private mutating func number(digits: Int, in bytes: RawSpan) -> Int64? {
            var number: Int64 = 0
            for _ in 0..<digits {
                guard isDigit(in: bytes), let digit = next(in: bytes) else { return nil }
                number = number * 10 + Int64(digit - UInt8(ascii: "0"))
            }
            return number
        }

        private mutating func skip(_ byte: UInt8, in bytes: RawSpan) -> Bool {
            guard peek(in: bytes) == byte else { return false }
            index += 1
            return true
        }

        private func isDigit(in bytes: RawSpan) -> Bool {
            guard let byte = peek(in: bytes) else { return false }
            return byte &- UInt8(ascii: "0") <= 9
        }

        private func peek(in bytes: RawSpan) -> UInt8? {
            index < end ? bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) : nil
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
}
