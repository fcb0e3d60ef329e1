/// The identity of a simulated venue, in PEM.
public struct VenueTLS: Sendable {
    /// The certificate chain, the server's own first.
    public var certificates: String
    /// The private key.
    public var privateKey: String

    /// An identity from its parts.
    public init(certificates: String, privateKey: String) {
        self.certificates = certificates
        self.privateKey = privateKey
    }
}
