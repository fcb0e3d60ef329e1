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

    @Test(
        "Addresses and networks of NO_PROXY exclude hosts that are given as addresses",
        arguments: [
            ("10.0.0.0/8", "10.200.3.4", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("10.128.0.0/9", "10.127.255.255", false), ("10.128.0.0/9", "10.128.0.0", true),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "2001:db8::1", false),
            ("192.168.1.7", "192.168.1.7", true), ("192.168.1.7", "192.168.1.70", false),
            ("192.168.1.7/32", "192.168.1.7", true), ("192.168.1.7:443", "192.168.1.7", true),
            ("192.168.1.7:80", "192.168.1.7", false), ("2001:db8::/32", "2001:db8:1::5", true),
            ("2001:DB8::/32", "2001:db9::5", false), ("2001:db8::1", "2001:db8:0:0::1", true),
            ("[2001:db8::1]:443", "2001:db8::1", true), ("[2001:db8::1]:80", "2001:db8::1", false),
            ("fd00::/8", "fd12::1", true), ("10.0.0.0/8", "ten.example", false), (".0.0.1", "10.0.0.1", false),
            ("10.0.0.0/33", "10.0.0.1", false), ("10.0.0.0/x", "10.0.0.1", false), ("/8", "10.0.0.1", false),
            (".example", "a.example", true), (".example", "example", false), ("example", "a.EXAMPLE", true),
            ("*", "10.0.0.1", true), ("", "10.0.0.1", false), ("a.example\t10.0.0.0/8", "10.0.0.1", true),
        ]
    )
    func direct(list: String, host: String, isDirect: Bool) throws {
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "proxy.example:3128", "NO_PROXY": list])
        #expect((settings.proxy(host: host, port: 443, isTLS: true) == nil) == isDirect)
    }

    @Test("User and password are sent to the proxy and are not part of messages")
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
