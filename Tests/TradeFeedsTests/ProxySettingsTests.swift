import Testing

@testable import TradeFeeds

@Suite struct ProxySettingsTests {
    private static let environment = [
        "https_proxy": "http://user:pass%20word@proxy.example:3128/", "HTTP_PROXY": "10.0.0.1:8080",
        "NO_PROXY": "direct.example, .inside.example,*.wild.example,other.example:8443",
    ]

    @Test(
        "A host is reached by the proxy of its scheme, unless the environment or the loopback interface excludes it",
        arguments: [
            ("https://api.binance.com", "proxy.example:3128"), ("http://api.binance.com", "10.0.0.1:8080"),
            ("https://direct.example", nil), ("https://api.direct.example", nil),
            ("https://indirect.example", "proxy.example:3128"),
            ("https://a.inside.example/path", nil), ("https://a.wild.example", nil),
            ("https://other.example:8443", nil),
            ("https://other.example", "proxy.example:3128"), ("https://localhost", nil), ("https://127.0.0.1:1", nil),
            ("http://[::1]:80", nil),
        ] as [(String, String?)]
    )
    func choice(address: String, proxy: String?) throws {
        let settings = try ProxySettings(environment: Self.environment)
        #expect(settings.proxy(for: address)?.description == proxy)
        #expect(ProxySettings.none.proxy(for: address) == nil)
    }

    @Test("User and password go to the proxy and not into messages")
    func credentials() throws {
        let proxy = try #require(try ProxySettings(environment: Self.environment).proxy(for: "https://api.binance.com"))
        #expect(proxy.credentials == "dXNlcjpwYXNzIHdvcmQ=" && !proxy.description.contains("user"))
    }

    @Test(
        "A proxy that cannot be used is refused without its password",
        arguments: ["socks5://proxy:1", "http://user:secret@", "http://proxy:0", "http://proxy:99999", "http://a b:1"]
    )
    func refused(value: String) throws {
        let error = #expect(throws: FeedConfigurationError.self) {
            try ProxySettings(environment: ["HTTPS_PROXY": value])
        }
        let text = try #require(error).description
        #expect(text.hasPrefix("the environment variable HTTPS_PROXY: ") && !text.contains("secret"))
    }
}
