/// How a live feed reaches its venue.
public struct LiveFeedConfiguration: Sendable {
    /// The server, `wss://` or `ws://`, optionally with port, path prefix and query.
    public var websocketURL: String
    /// A connection without a trade for this long is replaced.
    public var idleTimeout: Duration
    /// The most attempts to connect in any minute.
    public var connectsPerMinute: Int
    /// A PEM file of certificates to trust in place of the system's, for a server with a private authority.
    public var trustRootsFile: String?

    /// A configuration from its parts.
    public init(
        websocketURL: String,
        idleTimeout: Duration = .seconds(30),
        connectsPerMinute: Int = 10,
        trustRootsFile: String? = nil
    ) {
        self.websocketURL = websocketURL
        self.idleTimeout = idleTimeout
        self.connectsPerMinute = connectsPerMinute
        self.trustRootsFile = trustRootsFile
    }
}
