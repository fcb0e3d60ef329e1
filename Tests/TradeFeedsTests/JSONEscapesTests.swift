import MarketData
import Testing

@testable import TradeFeeds

@Suite struct JSONEscapesTests {
    private func decoded(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return JSONEscapes.decoded(bytes.span.bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "the escape of a character is replaced by it",
        arguments: [
            (#"{"s":"\u5e01\u5B89USDT"}"#, #"{"s":"币安USDT"}"#), (#"["\u0042TC\/USD"]"#, #"["BTC/USD"]"#),
            (#"["\uD834\uDD1E"]"#, #"["𝄞"]"#), (#"["\u00e9\u007f"]"#, "[\"é\u{7F}\"]"), (#"{"\u0070":1}"#, #"{"p":1}"#),
            (#"["\\u0041"]"#, #"["\\u0041"]"#), (#"["a\"\u0041"]"#, #"["a\"A"]"#),
        ]
    )
    func decodes(text: String, plain: String) {
        #expect(decoded(text) == plain)
    }

    @Test(
        "an escape without a plain character stays as it is",
        arguments: [
            #"["\"\\\b\f\n\r\t"]"#, #"["\u0022\u005c\u0000\u001F"]"#, #"["\ud834"]"#,
            #"["\ud834x"]"#,
            #"["\udd1e\ud834"]"#, #"["\u12g4"]"#, #"["\u12"#, #"["\"#, #"["\x"]"#, #"\u0041"#,
        ] as [String]
    )
    func keeps(text: String) {
        #expect(decoded(text) == text)
    }

    @Test("a text without a backslash is not changed")
    func plain() {
        #expect(decoded(#"{"s":"BTCUSDT"}"#) == nil)
        #expect(decoded("") == nil)
    }

    @Test("every character of a string is read back from its escape")
    func allCharacters() {
        for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 61) {
            guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
            let escape = String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            #expect(decoded("\"\(escape.joined())\"") == "\"\(scalar)\"")
        }
    }

    private static let binance =
        #"{"stream":"x","data":{"e":"aggTrade","E":1,"a":5,"s":"币安USDT","p":"1.5","q":"2","f":1,"l":1,"T":1,"m":true}}"#
    private static let coinbase = """
        {"type":"match","trade_id":5,"side":"buy","size":"2","price":"1.5","product_id":"币安USDT",\
        "time":"2021-04-17T16:43:30Z"}
        """
    private static let okx = """
        {"arg":{"channel":"trades-all","instId":"币安USDT"},"data":[{"instId":"币安USDT","tradeId":"5","px":"1.5",\
        "sz":"2","side":"buy","ts":"1"}]}
        """

    /// The text with every character of its strings escaped.
    private static func escaped(_ text: String) -> [UInt8] {
        var result = ""
        var isInString = false
        for scalar in text.unicodeScalars {
            if scalar == "\"" { isInString.toggle() }
            if isInString, scalar != "\"" {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return Array(result.utf8)
    }

    @Test("a message with every character escaped is the same trade at every venue", arguments: [0, 1, 2])
    func venues(number: Int) {
        let symbols = [("币安USDT", InstrumentID(3))]
        func trades(_ decoder: some FrameDecoder, _ bytes: [UInt8]) -> [Trade] {
            var decoder = decoder
            var trades: [Trade] = []
            let outcome = decoder.decode(bytes.span.bytes, into: &trades)
            #expect(outcome == .trades)
            return trades
        }
        let text = [Self.binance, Self.coinbase, Self.okx][number]
        let decoders: [any FrameDecoder] = [
            BinanceTradeDecoder(stream: .aggTrade, symbols: symbols), CoinbaseTradeDecoder(symbols: symbols),
            OKXTradeDecoder(symbols: symbols),
        ]
        let decoder = decoders[number]
        let plain = trades(decoder, Array(text.utf8))
        #expect(plain.map(\.id) == [5] && plain.map(\.instrument) == [InstrumentID(3)])
        #expect(trades(decoder, Self.escaped(text)) == plain)
    }
}
