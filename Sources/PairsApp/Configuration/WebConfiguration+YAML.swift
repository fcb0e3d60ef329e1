package import ExporterHTTP
import Foundation

extension WebConfiguration {
    /// Reads a web configuration file in the format of exporter-toolkit, as far as Debian's `promtool check web-config`
    /// supports it. Relative paths are relative to the file.
    /// - Throws: ``ConfigurationError`` with file, line and what would be right.
    package init(file: String) throws(ConfigurationError) {
        let yaml = try ConfigurationText.read(file, isRepeated: true)
        self.init()
        let document = try ConfigurationNode.document(yaml, file: file)
        guard let root = document.flatMap({ $0.isNull ? nil : $0 }) else { return }
        let entries = try root.mapping(["tls_server_config", "http_server_config", "basic_auth_users"])
        if let node = entries["tls_server_config"] { tls = try TLSSettings(node, file: file) }
        if let node = entries["http_server_config"] { try readServer(node) }
        for (name, value) in try entries["basic_auth_users"]?.orderedMapping() ?? [] {
            let hash = try value.string()
            guard Bcrypt.isHash(hash) else {
                throw value.error(
                    "must be a bcrypt hash, such as `htpasswd -nBC 10 \"\"` makes: $2y$10$ and 53 characters"
                )
            }
            users[name] = hash
        }
    }

    /// The values that a header may have; nil for any.
    private static let headerValues: [(name: String, values: [String]?)] = [
        ("Content-Security-Policy", nil), ("Strict-Transport-Security", nil), ("X-Content-Type-Options", ["nosniff"]),
        ("X-Frame-Options", ["deny", "sameorigin"]), ("X-XSS-Protection", nil),
    ]

    private mutating func readServer(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(["http2", "headers"])
        // Prometheus and browsers fall back to HTTP/1.1; the key is accepted so that other exporters can use the same
        // file.
        if let node = entries["http2"] { _ = try node.boolean() }
        guard let headers = entries["headers"] else { return }
        let values = try headers.mapping(Self.headerValues.map(\.name))
        for (name, allowed) in Self.headerValues {
            guard let node = values[name] else { continue }
            let value = try node.string()
            if let allowed, !allowed.contains(value.lowercased()) {
                throw node.error("must be \(allowed.joined(separator: " or ")), found \"\(value)\"")
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw node.error("must be printable text on one line")
            }
            self.headers.append((name, value))
        }
    }
}

extension TLSSettings {
    fileprivate init(_ node: ConfigurationNode, file: String) throws(ConfigurationError) {
        let entries = try node.mapping([
            "cert_file", "key_file", "client_ca_file", "client_auth_type", "min_version", "max_version",
            "prefer_server_cipher_suites",
        ])
        func path(_ key: String) throws(ConfigurationError) -> String? {
            guard let node = entries[key] else { return nil }
            let path = try node.string()
            if path.hasPrefix("/") { return path }
            return URL(filePath: file).deletingLastPathComponent().appending(path: path).path
        }
        guard let certificate = try path("cert_file"), let key = try path("key_file") else {
            throw node.error(
                "\(entries["cert_file"] == nil ? "cert_file" : "key_file") is missing; TLS needs both files"
            )
        }
        self.init(certificateFile: certificate, keyFile: key, clientCAFile: try path("client_ca_file"))
        if let node = entries["client_auth_type"] { clientAuthentication = try node.choice() }
        if let node = entries["min_version"] { minimumVersion = try node.choice() }
        if let node = entries["max_version"] { maximumVersion = try node.choice() }
        // Go ignores an order of preference too.
        if let node = entries["prefer_server_cipher_suites"] { _ = try node.boolean() }
        if minimumVersion > maximumVersion {
            throw node.error(
                "min_version (\(minimumVersion.rawValue)) is above max_version (\(maximumVersion.rawValue))"
            )
        }
        let isVerifying = clientAuthentication == .verified || clientAuthentication == .verifiedIfGiven
        if clientCAFile != nil, clientAuthentication == .none {
            throw node.error("client_ca_file needs a client_auth_type, such as RequireAndVerifyClientCert")
        }
        if clientCAFile == nil, isVerifying {
            throw node.error("client_auth_type \(clientAuthentication.rawValue) needs client_ca_file")
        }
    }
}
