import Testing

@testable import TradeFeeds

@Suite struct VenueErrorTextTests {
    @Test(
        "a venue's error text consists of its message and its code",
        arguments: [
            (#"{"code":-1121,"msg":"Invalid symbol."}"#, "Invalid symbol. (-1121)"),
            (
                #"{"code":"51001","msg":"Instrument ID doesn't exist.","data":[]}"#,
                "Instrument ID doesn't exist. (51001)"
            ),
            (#"{"message":"NotFound"}"#, "NotFound"),
            (
                #"{"type":"error","message":"Failed to subscribe","reason":"X is not valid"}"#,
                "Failed to subscribe: X is not valid"
            ),
            (#"{"success":false,"ret_msg":"Invalid topic: x","op":"subscribe"}"#, "Invalid topic: x"),
            (#"{"retCode":10001,"retMsg":"Not supported symbols","result":{}}"#, "Not supported symbols (10001)"),
            (#"{"error":["EQuery:Unknown asset pair"]}"#, "EQuery:Unknown asset pair"),
            (#"{"error":{"code":2,"msg":"Invalid request"},"id":1}"#, "Invalid request: 2"),
            (
                "<html><head><title>403 Forbidden</title></head>\n<body><h1>blocked</h1></body></html>",
                "403 Forbidden blocked"
            ),
            ("a\nb\t\u{1B}[31mred\u{202E}\u{2028}", "a b ·[31mred·"), ("  busy ", "busy"), ("1 < 2", "1"),
        ]
    )
    func text(body: String, text: String) {
        #expect(VenueErrorText.text(of: body.utf8) == text)
    }

    @Test("an empty body has no text", arguments: ["", " \r\n", "<html></html>"])
    func nothing(body: String) {
        #expect(VenueErrorText.text(of: body.utf8) == nil)
    }

    @Test("the text of any body is short", arguments: ["x", "<a>x", #"{"msg":""#, "\u{FEFF}\u{0}", "["])
    func short(part: String) throws {
        let text = VenueErrorText.text(of: String(repeating: part, count: 1_000_000).utf8)
        #expect(text.map(\.count) ?? 0 <= 200)
        let message = VenueErrorText.text(of: #"{"msg":"\#(String(repeating: "y", count: 3000))","code":-1}"#.utf8)
        #expect(try #require(message).hasSuffix("… (-1)"))
    }
}
