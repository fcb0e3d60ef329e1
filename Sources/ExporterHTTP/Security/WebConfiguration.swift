/// The content of a web configuration file: encryption, users and headers.
package struct WebConfiguration: Sendable {
    /// How connections are encrypted; nil for plain HTTP.
    package var tls: TLSSettings?
    /// The users who may send requests, with the bcrypt hash of each one's password; empty for everybody.
    package var users: [String: String]
    /// Headers of every response.
    package var headers: [(name: String, value: String)]

    /// A configuration from its parts.
    package init(tls: TLSSettings? = nil, users: [String: String] = [:], headers: [(name: String, value: String)] = [])
    {
        self.tls = tls
        self.users = users
        self.headers = headers
    }
}
