import NIOSSL

/// How connections are encrypted, in the terms of exporter-toolkit.
package struct TLSSettings: Sendable, Hashable {
    /// The requirement for clients' certificates; the names are those of Go's `tls.ClientAuthType`.
    package enum ClientAuthentication: String, Sendable, Hashable, CaseIterable {
        /// No certificate.
        case none = "NoClientCert"
        /// A certificate, which may be missing and is not verified.
        case requested = "RequestClientCert"
        /// A certificate, which is not verified.
        case required = "RequireAnyClientCert"
        /// A certificate, which may be missing and otherwise must be signed by the client CA.
        case verifiedIfGiven = "VerifyClientCertIfGiven"
        /// A certificate signed by the client CA.
        case verified = "RequireAndVerifyClientCert"
    }

    /// A version of TLS.
    package enum Version: String, Sendable, Hashable, CaseIterable, Comparable {
        /// 1.0, which is obsolete.
        case tls10 = "TLS10"
        /// 1.1, which is obsolete.
        case tls11 = "TLS11"
        /// 1.2.
        case tls12 = "TLS12"
        /// 1.3.
        case tls13 = "TLS13"

        /// Orders by age.
        package static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }

        fileprivate var value: TLSVersion {
            switch self {
            case .tls10: .tlsv1
            case .tls11: .tlsv11
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
        }
    }

    /// The file of the server's certificate, followed by those of its issuers.
    package var certificateFile: String
    /// The file of its private key.
    package var keyFile: String
    /// The file of the authorities that sign clients' certificates.
    package var clientCAFile: String?
    /// The requirement for clients' certificates.
    package var clientAuthentication: ClientAuthentication
    /// The oldest version that is accepted.
    package var minimumVersion: Version
    /// The newest version that is accepted.
    package var maximumVersion: Version

    /// Settings from their parts.
    package init(
        certificateFile: String,
        keyFile: String,
        clientCAFile: String? = nil,
        clientAuthentication: ClientAuthentication = .none,
        minimumVersion: Version = .tls12,
        maximumVersion: Version = .tls13
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientCAFile = clientCAFile
        self.clientAuthentication = clientAuthentication
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
    }

    /// Every file that the settings name.
    var files: [String] { [certificateFile, keyFile] + (clientCAFile.map { [$0] } ?? []) }

    /// Whether a client's certificate is accepted without a check of its signature.
    var acceptsAnyCertificate: Bool { clientAuthentication == .requested || clientAuthentication == .required }

    /// The ciphers for TLS up to 1.2, from Mozilla's intermediate profile: each key exchange is ephemeral, each cipher
    /// authenticates. Versions before 1.2 have no such cipher; where they are permitted, their own ciphers are used.
    private var cipherSuites: [NIOTLSCipher] {
        let authenticating: [NIOTLSCipher] = [
            .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]
        let old: [NIOTLSCipher] = [
            .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
            .TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        ]
        return authenticating + (minimumVersion < .tls12 ? old : [])
    }

    /// Reads the files.
    /// - Throws: ``WebConfigurationError`` naming the file that cannot be used.
    func makeContext() throws(WebConfigurationError) -> NIOSSLContext {
        let chain = try Self.read(certificateFile) { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try Self.read(keyFile) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.cipherSuiteValues = cipherSuites
        configuration.minimumTLSVersion = minimumVersion.value
        configuration.maximumTLSVersion = maximumVersion.value
        configuration.certificateVerification =
            switch clientAuthentication {
            case .none: .none
            case .requested, .verifiedIfGiven: .optionalVerification
            case .required, .verified: .noHostnameVerification
            }
        if let clientCAFile {
            let authorities = try Self.read(clientCAFile) { try NIOSSLCertificate.fromPEMFile($0) }
            configuration.trustRoots = .certificates(authorities)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw WebConfigurationError(file: certificateFile, problem: "does not match \(keyFile): \(error)")
        }
    }

    private static func read<Value>(
        _ file: String,
        _ body: (String) throws -> Value
    ) throws(WebConfigurationError) -> Value {
        do {
            return try body(file)
        } catch {
            throw WebConfigurationError(file: file, problem: "cannot be read as PEM: \(error)")
        }
    }
}
