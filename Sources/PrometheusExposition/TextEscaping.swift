/// Escaping of free text as the text format 0.0.4 and OpenMetrics 1.0 define it.
enum TextEscaping {
    /// Appends a label value or an OpenMetrics help text: backslash, double quote and line feed are escaped.
    static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        append(text, escapingQuotes: true, to: &bytes)
    }

    /// Appends a help text of the text format, in which a double quote is not escaped.
    static func appendHelp(_ text: String, to bytes: inout [UInt8]) {
        append(text, escapingQuotes: false, to: &bytes)
    }

    private static func append(_ text: String, escapingQuotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
            case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
            case UInt8(ascii: "\"") where escapingQuotes: bytes += #"\""#.utf8
            default: bytes.append(byte)
            }
        }
    }
}
