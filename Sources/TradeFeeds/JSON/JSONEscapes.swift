#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Replaces the escapes of a JSON text by their characters, because decoders compare the bytes of strings (RFC 8259
/// section 7).
package enum JSONEscapes {
    /// The text without escapes, nil where it has none.
    ///
    /// Escapes of characters that a plain string cannot contain stay as they are: a quote, a backslash, a control
    /// character, and half of a surrogate pair. Invalid escapes stay, too.
    package static func decoded(_ text: RawSpan) -> [UInt8]? {
        guard hasBackslash(text) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(text.byteCount)
        var index = 0
        var isInString = false
        while index < text.byteCount {
            let byte = byte(index, of: text)
            if byte == UInt8(ascii: "\"") { isInString.toggle() }
            guard isInString, byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                index += 1
                continue
            }
            let (scalar, length) = escape(at: index, of: text)
            if let scalar, scalar.value >= 0x20, scalar != "\"", scalar != "\\" {
                plain += Array(String(scalar).utf8)
            } else {
                for offset in index..<min(index + length, text.byteCount) { plain.append(Self.byte(offset, of: text)) }
            }
            index += length
        }
        return plain
    }

    private static func hasBackslash(_ text: RawSpan) -> Bool {
        text.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memchr(start, Int32(UInt8(ascii: "\\")), bytes.count) != nil
        }
    }

    /// The character of the escape at a backslash, nil for none, and the length of the escape in bytes.
    private static func escape(at start: Int, of text: RawSpan) -> (Unicode.Scalar?, length: Int) {
        guard start + 1 < text.byteCount else { return (nil, 1) }
        switch byte(start + 1, of: text) {
        case UInt8(ascii: "/"): return ("/", 2)
        case UInt8(ascii: "u"): break
        default: return (nil, 2)
        }
        guard let first = unit(at: start + 2, of: text) else { return (nil, 2) }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard first < 0xDC00, start + 7 < text.byteCount, byte(start + 6, of: text) == UInt8(ascii: "\\"),
            byte(start + 7, of: text) == UInt8(ascii: "u"), let second = unit(at: start + 8, of: text),
            (0xDC00...0xDFFF).contains(second)
        else { return (nil, 6) }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return (Unicode.Scalar(value), 12)
    }

    /// The value of four hexadecimal digits, nil where there are other characters.
    private static func unit(at start: Int, of text: RawSpan) -> UInt16? {
        guard start + 4 <= text.byteCount else { return nil }
        var unit: UInt16 = 0
        for index in start..<(start + 4) {
            let byte = byte(index, of: text)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private static func byte(_ index: Int, of text: RawSpan) -> UInt8 {
        text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
