import Testing

@testable import TradeFeeds

@Suite struct WebSocketEndpointTests {
    @Test(
        "URLs are taken apart",
        arguments: [
            ("wss://fstream.binance.com", true, "fstream.binance.com", 443, "/", "fstream.binance.com"),
            ("wss://stream.binance.com:9443/", true, "stream.binance.com", 9443, "/", "stream.binance.com:9443"),
            ("ws://127.0.0.1:8080/a/b/?k=1&l=2", false, "127.0.0.1", 8080, "/a/b?k=1&l=2", "127.0.0.1:8080"),
            ("ws://[::1]:80?x", false, "::1", 80, "/?x", "[::1]"),
            ("wss://[2001:db8::1]/p", true, "2001:db8::1", 443, "/p", "[2001:db8::1]"),
        ]
    )
    func parts(url: String, isTLS: Bool, host: String, port: Int, target: String, authority: String) throws {
        let endpoint = try WebSocketEndpoint(url)
        #expect(endpoint.isTLS == isTLS)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.target == target)
        #expect(endpoint.authority == authority)
    }

    @Test(
        "what is not a WebSocket URL is refused",
        arguments: [
            "", "fstream.binance.com", "https://x", "wss://", "wss:///path", "ws://host:", "ws://host:0",
            "ws://host:65536", "ws://host:8x",
            "ws://user@host", "ws://[::1", "ws://[::1]x", "ws://host/a b", "ws://host/#f", "ws://höst",
        ]
    )
    func refused(url: String) {
        #expect(throws: FeedConfigurationError.self) { try WebSocketEndpoint(url) }
    }

    @Test("names are escaped for a query")
    func escaping() {
        #expect(WebSocketEndpoint.escaped("btcusdt_240927") == "btcusdt_240927")
        #expect(WebSocketEndpoint.escaped("a b&c=币") == "a%20b%26c%3D%E5%B8%81")
    }
}
