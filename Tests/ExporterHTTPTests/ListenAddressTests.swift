import ExporterHTTP
import Testing

@Suite struct ListenAddressTests {
    @Test(
        "addresses in the style of Prometheus are read and written",
        arguments: [
            (":10200", "", 10200), ("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:9100", "::1", 9100), ("[::]:1", "::", 1),
            ("localhost:10200", "localhost", 10200), ("exporter.example.org:65535", "exporter.example.org", 65535),
        ]
    )
    func valid(text: String, host: String, port: Int) throws {
        let address = try ListenAddress(parsing: text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == text)
    }

    @Test(
        "anything else is refused with the reason",
        arguments: [
            ("", "no port"), ("10200", "no port"), ("localhost", "no port"), ("localhost:", "number"),
            (":http", "number"), (":-1", "number"), (":+1", "number"), (":65536", "number"), (":1٢", "number"),
            ("::1:9100", "brackets"), ("[::1", "brackets"), ("[127.0.0.1]:80", "brackets"), ("[::1]", "number"),
            ("http://localhost:80", "brackets"), ("a b:80", "character"), ("a/b:80", "character"),
        ]
    )
    func invalid(text: String, reason: String) throws {
        let error = try #require(throws: ListenAddress.ParseError.self) { try ListenAddress(parsing: text) }
        #expect(error.text == text)
        #expect(error.reason.contains(reason))
        #expect(error.description.contains(":10200"))
    }
}
