import Testing

@testable import TradeFeeds

@Suite struct JSONCursorTests {
    /// Reads one value that must be the complete text.
    private func check(_ bytes: [UInt8]) -> DecodeFailure? {
        do throws(DecodeFailure) {
            var cursor = JSONCursor()
            _ = try cursor.value(in: bytes.span.bytes)
            try cursor.expectEnd(of: bytes.span.bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "RFC 8259 texts are accepted",
        arguments: [
            "0", "-0", "10", "-1.5", "1e5", "1E-5", "1.25e+10", "true", "false", "null", #""""#, #""a""#,
            #""\"\\\/\b\f\n\r\t""#,
            #""\u00e9\uD834\uDD1E""#, #""é€𝄞""#, "[]", "{}", "[1]", "[1,2]", "[[],{}]", #"{"a":1}"#,
            #"{"a":{"b":[1,{"c":null}]},"d":[]}"#,
            " [ 1 , 2 ] ", "\n{\t\"a\"\r: 1 }\n", String(repeating: "[", count: 63) + String(repeating: "]", count: 63),
        ]
    )
    func accepted(text: String) {
        #expect(check(Array(text.utf8)) == nil)
    }

    @Test(
        "other texts are refused",
        arguments: [
            "", " ", "01", "-", "-01", "+1", ".5", "5.", "1.e5", "1e", "1e+", "tru", "truee", "nul", "NaN", "Infinity",
            "'a'",
            #"""#, #""a"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\"#, "\"\u{1}\"", "[", "]", "[1", "[1,", "[1,]",
            "[,1]", "[1 2]",
            "{", "}", #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{a:1}"#, #"{"a":1 "b":2}"#, "{1:2}",
            "[}", "{]",
            "[1}", #"{"a":1]"#, "1 2", "[]]", "{}{}", "\u{B}1",
            String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
            String(repeating: "[", count: 100_000),
        ]
    )
    func refused(text: String) {
        #expect(check(Array(text.utf8)) == .invalidJSON)
    }

    @Test(
        "strings must be UTF-8",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xFF], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]]
    )
    func invalidUTF8(bytes: [UInt8]) {
        #expect(check([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]) == .invalidUTF8)
        #expect(
            check([UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "n")] + bytes + [UInt8(ascii: "\"")])
                == .invalidUTF8
        )
    }

    @Test("the UTF-8 of every scalar is valid, and invalid without its last byte")
    func validUTF8() {
        for value in stride(from: UInt32(0x80), through: 0x10FFFF, by: 97) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            let isValid = UTF8Check.isValid(bytes.span.bytes, 0..<bytes.count)
            let isValidTorn = UTF8Check.isValid(bytes.span.bytes, 0..<(bytes.count - 1))
            #expect(isValid)
            #expect(!isValidTorn)
        }
    }
}
