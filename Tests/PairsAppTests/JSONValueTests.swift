import Foundation
import Testing

@testable import PairsApp

@Suite struct JSONValueTests {
    @Test("Doubles keep every digit, what is not finite is null, and keys keep their order")
    func text() {
        let value = JSONValue.object([
            ("z", .number(0.1 + 0.2)), ("a", JSONValue(Double.nan)), ("n", .array([1, .null])), ("e", .array([])),
        ])
        #expect(value.line == "{\"z\":0.30000000000000004,\"a\":null,\"n\":[1,null],\"e\":[]}")
    }

    @Test("Foundation reads back what was written", arguments: ["a\"b\\c", "line\nbreak\ttab\r", "\u{1}\u{1F}", "é→🙂"])
    func escapes(text: String) throws {
        let json = JSONValue.object([(text, .string(text))])
        for document in [json.text, json.line] {
            let read = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: String]
            #expect(read == [text: text])
        }
    }
}
