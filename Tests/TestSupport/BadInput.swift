import Testing
package import TradeFeeds

/// A message that must be counted and must not become a trade.
package struct BadInput: Sendable, CustomTestStringConvertible {
    /// What is bad.
    package let testDescription: String
    /// The reason with which it is counted.
    package let failure: DecodeFailure

    /// The bytes of the message.
    package let bytes: [UInt8]

    private init(_ description: String, _ text: some StringProtocol, _ failure: DecodeFailure) {
        self.init(description, bytes: Array(text.utf8), failure)
    }

    private init(_ description: String, bytes: [UInt8], _ failure: DecodeFailure) {
        testDescription = description
        self.bytes = bytes
        self.failure = failure
    }

    /// The fields of a valid event, with some replaced; nil removes one.
    package static func event(_ changes: [String: String?]) -> String {
        var fields: [(String, String?)] = [
            ("e", #""aggTrade""#), ("s", #""BTCUSDT""#), ("a", "101"), ("p", #""61800.30""#), ("q", #""0.5""#),
            ("T", "1723161600999"), ("m", "true"),
        ]
        for (name, value) in changes {
            if let index = fields.firstIndex(where: { $0.0 == name }) {
                fields[index].1 = value
            } else {
                fields.append((name, value))
            }
        }
        return "{" + fields.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",") + "}"
    }

    /// Each kind of bad input.
    package static let all: [BadInput] = [
        BadInput("torn", String(event([:]).dropLast(9)), .invalidJSON),
        BadInput("not JSON", "hello", .invalidJSON),
        BadInput("empty", "", .invalidJSON),
        BadInput("two values", event([:]) + event([:]), .invalidJSON),
        BadInput("NaN without quotes", event(["p": "NaN"]), .invalidJSON),
        BadInput("no id", event(["a": nil]), .missingField),
        BadInput("no price", event(["p": nil]), .missingField),
        BadInput("no event name", event(["e": nil]), .missingField),
        BadInput("id in quotes", event(["a": #""101""#]), .wrongType),
        BadInput("id with a fraction", event(["a": "101.0"]), .wrongType),
        BadInput("time in quotes", event(["T": #""1723161600999""#]), .wrongType),
        BadInput("price null", event(["p": "null"]), .wrongType),
        BadInput("maker as a number", event(["m": "1"]), .wrongType),
        BadInput("symbol as a number", event(["s": "7"]), .wrongType),
        BadInput("order type as a number", event(["X": "7"]), .wrongType),
        BadInput("event name as a number", event(["e": "7"]), .wrongType),
        BadInput("huge id", event(["a": "99999999999999999999"]), .numberOutOfRange),
        BadInput("negative id", event(["a": "-5"]), .numberOutOfRange),
        BadInput("huge time", event(["T": "9223372036854775807"]), .numberOutOfRange),
        BadInput("time in microseconds", event(["T": "1723161600999000"]), .numberOutOfRange),
        BadInput("symbol that is not subscribed", event(["s": #""DOGEUSDT""#]), .unknownSymbol),
        BadInput("price NaN", event(["p": #""NaN""#]), .malformedDecimal),
        BadInput("price with exponent", event(["p": #""1e5""#]), .malformedDecimal),
        BadInput("price number with exponent", event(["p": "1e5"]), .malformedDecimal),
        BadInput("empty quantity", event(["q": #""""#]), .malformedDecimal),
        BadInput("field twice", event([:]).dropLast() + #","p":"2"}"#, .duplicateField),
        BadInput("field twice, once with an escape", event([:]).dropLast() + #","\u0070":"2"}"#, .duplicateField),
        BadInput("invalid UTF-8", bytes: Array(event([:]).utf8.dropLast(2)) + [0xFF, 0xFE], .invalidUTF8),
        BadInput("symbol with half of a surrogate pair", event(["s": #""BTC\ud83d""#]), .unsupportedEscape),
        BadInput("price with a line break", event(["p": #""1\n""#]), .unsupportedEscape),
    ]
}
