/// The prefix of a server's routes, and the external URL of their root, as in blackbox_exporter.
package struct RoutePrefix: Sendable, Hashable {
    /// Why a text is not a prefix or URL.
    package struct ParseError: Error, Hashable, CustomStringConvertible {
        /// What is wrong and what would be right.
        package let description: String
    }

    /// The routes begin at the root.
    package static let none = RoutePrefix(path: "", externalURL: "/")

    /// A path without a slash at its end; empty for the root.
    package let path: String
    /// The target of redirects from the root.
    let externalURL: String

    private init(path: String, externalURL: String) {
        self.path = path
        self.externalURL = externalURL
    }

    /// Reads the options of an operator.
    /// - Parameters:
    ///   - externalURL: the URL by which clients reach the exporter, or only its path; nil without a proxy.
    ///   - route: the path of the routes; nil for that of the URL.
    package init(externalURL: String?, route: String?) throws(ParseError) {
        var address: (origin: String, path: String)?
        if let externalURL { address = try Self.parts(of: externalURL) }
        let path = try Self.path(route ?? address?.path ?? "", of: route == nil ? externalURL ?? "" : route ?? "")
        self.path = path
        self.externalURL = address.map { $0.origin + $0.path + "/" } ?? path + "/"
    }

    /// A route with the prefix.
    func route(_ route: String) -> String {
        path + route
    }

    private static func parts(of url: String) throws(ParseError) -> (origin: String, path: String) {
        var origin = ""
        var path = url[...]
        for scheme in ["http://", "https://"] where url.lowercased().hasPrefix(scheme) {
            let rest = url.dropFirst(scheme.count)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            guard end > rest.startIndex, RequestHeadCheck.isHost(String(rest[..<end])) else {
                throw ParseError(description: "external URL \"\(url)\": the host is neither a name nor an address")
            }
            origin = String(url[..<end])
            path = url[end...]
        }
        if origin.isEmpty, url.contains("://") {
            throw ParseError(
                description: "external URL \"\(url)\": must begin with http:// or https://, or be a path such as /pairs"
            )
        }
        return (origin, try self.path(String(path), of: url))
    }

    private static func path(_ text: String, of source: String) throws(ParseError) -> String {
        let parts = text.split(separator: "/")
        let isPlain = parts.allSatisfy { part in
            part != "." && part != ".."
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                        UInt8(ascii: "_"), UInt8(ascii: "~"):
                        true
                    default: false
                    }
                }
        }
        guard isPlain else {
            throw ParseError(
                description: "\"\(source)\": a path of letters, digits and -._~ is needed, such as /pairs"
            )
        }
        return parts.map { "/" + $0 }.joined()
    }
}
