/// What a web configuration file says: encryption, users and headers.
package struct WebConfiguration: Sendable {
    /// How connections are encrypted; nil for plain HTTP.
    package var tls: TLSSettings?
    /// The users who may ask, with the bcrypt hash of each one's password; empty for everybody.
    package var users: [String: String]
    /// Headers that every answer carries.
    package var headers: [(name: String, value: String)]

    /// A configuration from its parts.
    package init(tls: TLSSettings? = nil, users: [String: String] = [:], headers: [(name: String, value: String)] = [])
    {
        self.tls = tls
        self.users = users
        self.headers = headers
    }
}
