/// The identity of a simulated venue, in PEM.
package struct VenueTLS: Sendable {
    /// The certificate chain, the server's own first.
    package var certificates: String
    /// The private key.
    package var privateKey: String

    /// An identity from its parts.
    package init(certificates: String, privateKey: String) {
        self.certificates = certificates
        self.privateKey = privateKey
    }
}
