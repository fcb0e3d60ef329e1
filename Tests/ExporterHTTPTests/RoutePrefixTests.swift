import Testing

@testable import ExporterHTTP

@Suite struct RoutePrefixTests {
    @Test(
        "routes begin at the path of the URL or at the prefix",
        arguments: [
            (nil, nil, "", "/"), ("http://a.example/", nil, "", "http://a.example/"),
            ("https://a.example:1/pairs/", nil, "/pairs", "https://a.example:1/pairs/"),
            ("/pairs", nil, "/pairs", "/pairs/"), (nil, "pairs/x/", "/pairs/x", "/pairs/x/"),
            ("http://a.example/pairs", "/", "", "http://a.example/pairs/"),
            ("http://a.example/pairs", "/in", "/in", "http://a.example/pairs/"),
        ] as [(String?, String?, String, String)]
    )
    func parts(externalURL: String?, route: String?, path: String, redirect: String) throws {
        let prefix = try RoutePrefix(externalURL: externalURL, route: route)
        #expect(prefix.path == path)
        #expect(prefix.externalURL == redirect)
        #expect(prefix.route("/metrics") == path + "/metrics")
    }

    @Test(
        "a text that is not a URL or path is refused",
        arguments: [
            ("ftp://a/b", nil), ("http://", nil), ("http://a b/", nil), ("/a?b", nil), (nil, "/a/../b"), (nil, "/{id}"),
            ("/\"", nil),
        ] as [(String?, String?)]
    )
    func refused(externalURL: String?, route: String?) {
        #expect(throws: RoutePrefix.ParseError.self) { try RoutePrefix(externalURL: externalURL, route: route) }
    }
}
