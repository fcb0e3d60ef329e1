import HTTPTypes
import NIOHTTP1
import Testing

@testable import ExporterHTTP

@Suite struct RequestHeadCheckTests {
    private static func uri(
        _ target: String = "/metrics",
        method: HTTPMethod = .GET,
        version: HTTPVersion = .http1_1,
        headers: [(String, String)] = [("Host", "a")]
    ) throws(RequestRefusal) -> String {
        let head = HTTPRequestHead(version: version, method: method, uri: target, headers: HTTPHeaders(headers))
        return try RequestHeadCheck.checked(head, ConnectionLimits()).uri
    }

    private static func status(
        _ target: String = "/metrics",
        method: HTTPMethod = .GET,
        version: HTTPVersion = .http1_1,
        headers: [(String, String)] = [("Host", "a")]
    ) -> Int? {
        do {
            _ = try uri(target, method: method, version: version, headers: headers)
            return nil
        } catch {
            return error.status.code
        }
    }

    @Test(
        "a host is a name or an address, with or without a port",
        arguments: [
            ("a", true), ("a.example:9", true), ("127.0.0.1:65535", true), ("[::1]", true), ("[::1]:80", true),
            ("", true), ("a_b", true), ("a b", false), ("a/b", false), ("a:b", false), ("a:65536", false),
            ("a@b", false),
            ("[::1", false), ("[]", false), ("[::1]x", false), ("a:1:2", false), ("a\t", false), ("é", false),
        ]
    )
    func host(text: String, isRight: Bool) {
        #expect(RequestHeadCheck.isHost(text) == isRight)
    }

    @Test("HTTP/1.1 needs one Host, HTTP/1.0 at most one")
    func hosts() {
        #expect(Self.status(headers: []) == 400)
        #expect(Self.status(headers: [("Host", "a"), ("host", "a")]) == 400)
        #expect(Self.status(headers: [("Host", "a b")]) == 400)
        #expect(Self.status(version: .http1_0, headers: []) == nil)
    }

    @Test(
        "a body has one length, and chunked is the only coding",
        arguments: [
            ([("Content-Length", "5")], nil), ([("Transfer-Encoding", "Chunked")], nil),
            ([("Content-Length", "5"), ("Transfer-Encoding", "chunked")], 400),
            ([("Content-Length", "5"), ("Content-Length", "5")], 400), ([("Content-Length", "+5")], 400),
            ([("Content-Length", "5, 5")], 400), ([("Content-Length", "")], 400),
            ([("Content-Length", "99999999999999999999")], 413), ([("Content-Length", "65537")], 413),
            ([("Transfer-Encoding", "gzip, chunked")], 501), ([("Transfer-Encoding", "identity")], 501),
            ([("Expect", "100-Continue")], nil), ([("Expect", "tea")], 417),
        ] as [([(String, String)], Int?)]
    )
    func bodies(headers: [(String, String)], status: Int?) {
        #expect(Self.status(method: .POST, headers: [("Host", "a")] + headers) == status)
    }

    @Test(
        "a target is a path, also with the name of the server",
        arguments: [
            ("/a?b=c", "/a?b=c"), ("http://a.example/a?b", "/a?b"), ("HTTPS://a.example:1", "/"),
            ("http://a.example?b=c", "/?b=c"), ("//a", "//a"),
        ]
    )
    func targets(target: String, uri: String) throws {
        #expect(try Self.uri(target) == uri)
    }

    @Test(
        "other targets and methods are refused",
        arguments: [
            ("metrics", HTTPMethod.GET, 400), ("*", .GET, 400), ("http:///a", .GET, 400), ("ftp://a/b", .GET, 400),
            ("*", .OPTIONS, 204), ("a:80", .CONNECT, 405), ("/", .RAW(value: "PROPFIND"), 501),
            ("/" + String(repeating: "a", count: 16 * 1024), .GET, 414),
        ]
    )
    func refused(target: String, method: HTTPMethod, status: Int) {
        #expect(Self.status(target, method: method) == status)
    }
}
