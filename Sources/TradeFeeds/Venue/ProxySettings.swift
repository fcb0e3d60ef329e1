import Foundation

/// The HTTP proxies of the environment, by the rules of curl and of Go's programs: `HTTPS_PROXY` for `https://` and
/// `wss://`, `HTTP_PROXY` for the others, and `NO_PROXY` for direct connections; each name also in lower case.
package struct ProxySettings: Hashable, Sendable {
    /// A proxy that opens tunnels with CONNECT (RFC 9110 section 9.3.6).
    package struct Proxy: Hashable, Sendable, CustomStringConvertible {
        /// A name or an IP address, IPv6 without brackets.
        package let host: String
        /// From 1 to 65535.
        package let port: Int
        /// User and password in base64, in the form of the header `Proxy-Authorization`.
        let credentials: String?

        /// The proxy without its credentials.
        package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// No proxy for any host.
    package static let none = ProxySettings()

    private var secure: Proxy?
    private var plain: Proxy?
    private var direct = DirectHosts("")

    private init() {}

    /// Reads the variables of an environment.
    /// - Throws: ``FeedConfigurationError/address(_:problem:)`` for a proxy that cannot be used.
    package init(environment: [String: String]) throws(FeedConfigurationError) {
        secure = try Self.proxy("HTTPS_PROXY", environment)
        plain = try Self.proxy("HTTP_PROXY", environment)
        direct = DirectHosts(Self.value("NO_PROXY", environment) ?? "")
    }

    /// The proxy for a host, nil for a direct connection.
    func proxy(host: String, port: Int, isTLS: Bool) -> Proxy? {
        guard let proxy = isTLS ? secure : plain, !Self.isLoopback(host) else { return nil }
        return direct.contains(host: host, port: port) ? nil : proxy
    }

    /// The proxy for an address such as `https://host:port/path`, nil for a direct connection and for other text.
    func proxy(for address: String) -> Proxy? {
        let isTLS = address.hasPrefix("https://")
        let counterpart = (isTLS ? "wss://" : "ws://") + address.dropFirst(isTLS ? 8 : 7)
        guard let endpoint = try? WebSocketEndpoint(counterpart) else { return nil }
        return proxy(host: endpoint.host, port: endpoint.port, isTLS: isTLS)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    private static func value(_ name: String, _ environment: [String: String]) -> String? {
        [name, name.lowercased()].compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    private static func proxy(
        _ name: String,
        _ environment: [String: String]
    ) throws(FeedConfigurationError) -> Proxy? {
        guard let text = value(name, environment) else { return nil }
        // The error does not contain the value, which may hold a password.
        func refused(_ reason: String) -> FeedConfigurationError {
            .address("the environment variable \(name)", problem: "\(reason); write http://[user:password@]host:port")
        }
        var rest = text[...]
        if let scheme = text.firstRange(of: "://") {
            guard text[..<scheme.lowerBound].lowercased() == "http" else {
                throw refused("only proxies of scheme http:// are supported")
            }
            rest = text[scheme.upperBound...]
        }
        rest = rest.prefix { $0 != "/" }
        var credentials: String?
        if let at = rest.lastIndex(of: "@") {
            guard let user = String(rest[..<at]).removingPercentEncoding else {
                throw refused("user and password are not escaped as a URL")
            }
            credentials = Data(user.utf8).base64EncodedString()
            rest = rest[rest.index(after: at)...]
        }
        do {
            let endpoint = try WebSocketEndpoint("ws://\(rest)")
            return Proxy(host: endpoint.host, port: endpoint.port, credentials: credentials)
        } catch {
            guard case .url(_, let reason) = error else { throw error }
            throw refused(reason)
        }
    }
}
