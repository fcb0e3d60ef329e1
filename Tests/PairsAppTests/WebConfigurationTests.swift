import ExporterHTTP
import Foundation
import Testing

@testable import PairsApp

@Suite struct WebConfigurationTests {
    private static func read(_ yaml: String) throws -> WebConfiguration {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "web.yml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        return try WebConfiguration(file: file.path)
    }

    private static let hash = "$2y$04$0123456789012345678901uoT5x8y4q3Vb7k1b1mZQ4q3Vb7k1b1m"

    @Test("An empty file is valid and changes nothing", arguments: ["", "# nothing\n", "{}"])
    func empty(yaml: String) throws {
        let configuration = try Self.read(yaml)
        #expect(configuration.tls == nil)
        #expect(configuration.users.isEmpty)
        #expect(configuration.headers.isEmpty)
    }

    @Test("Everything that exporter-toolkit has is read, and paths start at the file")
    func full() throws {
        let configuration = try Self.read(
            """
            tls_server_config:
              cert_file: server.crt
              key_file: /etc/keys/server.key
              client_ca_file: clients.crt
              client_auth_type: RequireAndVerifyClientCert
              min_version: TLS13
            http_server_config:
              http2: false
              headers:
                X-Frame-Options: deny
                Strict-Transport-Security: max-age=60
            basic_auth_users:
              alice: \(Self.hash)
              "bob:the": \(Self.hash)
            """
        )
        let tls = try #require(configuration.tls)
        #expect(tls.certificateFile.hasSuffix("/server.crt") && tls.certificateFile.hasPrefix("/"))
        #expect(tls.keyFile == "/etc/keys/server.key")
        #expect(tls.clientAuthentication == .verified)
        #expect(tls.minimumVersion == .tls13 && tls.maximumVersion == .tls13)
        #expect(configuration.users.keys.sorted() == ["alice", "bob:the"])
        #expect(configuration.headers.map(\.name) == ["Strict-Transport-Security", "X-Frame-Options"])
    }

    @Test(
        "An impossible value is refused with key and line",
        arguments: [
            ("basic_auth_user: {}", 1, "did you mean basic_auth_users?"),
            ("basic_auth_users:\n  alice: secret", 2, "must be a bcrypt hash"),
            ("tls_server_config:\n  cert_file: a", 2, "key_file is missing"),
            ("tls_server_config: {cert_file: a, key_file: b, client_auth_type: Sometimes}", 1, "must be one of"),
            ("tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}", 1, "needs a client_auth_type"),
            (
                "tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert}", 1,
                "needs client_ca_file"
            ),
            (
                "tls_server_config: {cert_file: a, key_file: b, min_version: TLS13, max_version: TLS12}", 1,
                "min_version (TLS13) is above"
            ),
            ("http_server_config: {headers: {Server: x}}", 1, "unknown key"),
            ("http_server_config: {headers: {X-Frame-Options: allow}}", 1, "must be deny or sameorigin"),
            ("http_server_config: {http2: maybe}", 1, "must be true or false"),
        ]
    )
    func refused(yaml: String, line: Int, problem: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Self.read(yaml) }
        #expect(error.line == line)
        #expect(error.problem.contains(problem))
    }

    @Test("A file that does not exist is named")
    func missing() throws {
        let error = try #require(throws: ConfigurationError.self) { try WebConfiguration(file: "/none/web.yml") }
        #expect(error.description == "/none/web.yml: does not exist")
    }
}
