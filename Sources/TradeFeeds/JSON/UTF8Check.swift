/// Checks UTF-8 (RFC 3629) in place.
public enum UTF8Check {
    /// Whether a name is valid text without blanks and control characters, including those from U+007F to U+00A0.
    package static func isName(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard isValid(bytes, range) else { return false }
        func byte(_ index: Int) -> UInt8 { bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
        return range.allSatisfy { index in
            byte(index) > 0x20 && byte(index) != 0x7F
                && !(byte(index) == 0xC2 && index + 1 < range.upperBound && byte(index + 1) <= 0xA0)
        }
    }

    /// Whether the bytes of a range are valid UTF-8.
    public static func isValid(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            let lead = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            index += 1
            if lead < 0x80 { continue }
            let length: Int
            // The second byte reveals overlong forms, surrogates and values beyond U+10FFFF.
            let second: ClosedRange<UInt8>
            switch lead {
            case 0xC2...0xDF: (length, second) = (1, 0x80...0xBF)
            case 0xE0: (length, second) = (2, 0xA0...0xBF)
            case 0xED: (length, second) = (2, 0x80...0x9F)
            case 0xE1...0xEF: (length, second) = (2, 0x80...0xBF)
            case 0xF0: (length, second) = (3, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (3, 0x80...0xBF)
            case 0xF4: (length, second) = (3, 0x80...0x8F)
            default: return false
            }
            guard index + length <= range.upperBound else { return false }
            guard second.contains(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)) else { return false }
            for offset in 1..<length {
                let byte = bytes.unsafeLoad(fromByteOffset: index + offset, as: UInt8.self)
                guard byte & 0xC0 == 0x80 else { return false }
            }
            index += length
        }
        return true
    }
}
