/// A server and the request target of the WebSocket handshake (RFC 6455 section 3).
struct WebSocketEndpoint: Hashable, Sendable, CustomStringConvertible {
    var isTLS: Bool
    /// A name or an IP address, IPv6 without brackets.
    var host: String
    var port: Int
    /// Empty, or begins with a slash and does not end with one.
    var path: String
    /// Without the question mark; empty for none.
    var query: String

    /// Reads `ws://` or `wss://`, a host, and optionally a port, a path and a query.
    init(_ url: String) throws(FeedConfigurationError) {
        func refuse(_ reason: String) -> FeedConfigurationError { .url(url, reason: reason) }
        let rest: Substring
        if url.hasPrefix("wss://") {
            isTLS = true
            rest = url.dropFirst(6)
        } else if url.hasPrefix("ws://") {
            isTLS = false
            rest = url.dropFirst(5)
        } else {
            throw refuse("it begins with neither wss:// nor ws://")
        }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw refuse("it holds spaces, a fragment or characters that a URL must escape")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw refuse("it names a user") }
        let portText: Substring
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw refuse("a bracket is not closed") }
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            portText = authority[authority.index(after: bracket)...]
        } else {
            host = String(authority.prefix { $0 != ":" })
            portText = authority.dropFirst(host.count)
        }
        guard !host.isEmpty else { throw refuse("it names no host") }
        if portText.isEmpty {
            port = isTLS ? 443 : 80
        } else {
            guard portText.first == ":", let number = UInt16(portText.dropFirst()), number > 0 else {
                throw refuse("the port is not a number from 1 to 65535")
            }
            port = Int(number)
        }
        let target = rest.dropFirst(authority.count)
        path = String(target.prefix { $0 != "?" })
        query = String(target.dropFirst(path.count + 1))
        while path.hasSuffix("/") { path.removeLast() }
    }

    /// The same server with a path below its own.
    func appending(path suffix: String) -> WebSocketEndpoint {
        var copy = self
        copy.path += suffix
        return copy
    }

    /// The same server with a path below its own and a further query item.
    func appending(path suffix: String, query item: String) -> WebSocketEndpoint {
        var copy = self
        copy.path += suffix
        copy.query += copy.query.isEmpty ? item : "&" + item
        return copy
    }

    /// The request target: path and query.
    var target: String {
        (path.isEmpty ? "/" : path) + (query.isEmpty ? "" : "?" + query)
    }

    /// The value of the header `Host`.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The server and the path, without the query, which may contain hundreds of streams.
    var description: String { "\(isTLS ? "wss" : "ws")://\(authority)\(path)" }

    /// Escapes the characters that a query must not contain (RFC 3986 section 3.4).
    static func escaped(_ text: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "!"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
