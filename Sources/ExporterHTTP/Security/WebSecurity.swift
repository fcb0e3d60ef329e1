import NIOSSL

/// A web configuration and the TLS context made of the files that it names.
package struct WebSecurity: Sendable {
    /// No encryption, no users.
    static let open = WebSecurity()

    let configuration: WebConfiguration
    /// Encrypts connections; nil for plain HTTP.
    let context: NIOSSLContext?

    private init() {
        configuration = WebConfiguration()
        context = nil
    }

    /// Reads the certificates and the key that a configuration names.
    /// - Throws: ``WebConfigurationError`` with the file that cannot be used.
    package init(_ configuration: WebConfiguration) throws(WebConfigurationError) {
        self.configuration = configuration
        context = try configuration.tls?.makeContext()
    }
}
