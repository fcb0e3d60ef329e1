/// The addresses, limits and timeouts of a live feed.
package struct LiveFeedConfiguration: Sendable {
    /// The server of the streams, `wss://` or `ws://`, optionally with port, path prefix and query.
    package var websocketURL: String
    /// The server of the REST interface, `https://` or `http://`, optionally with port and path prefix.
    package var restURL: String
    /// A connection without a trade for this time is replaced; a stream without one is compared with the venue's last
    /// id.
    package var idleTimeout: Duration
    /// The most attempts to connect in any minute.
    package var connectsPerMinute: Int
    /// How far back missing trades are fetched, in event time.
    package var repairHorizon: Duration
    /// The age at which a connection is replaced; nil for the venue's own limit.
    package var connectionLifetime: Duration?
    /// A PEM file of trusted certificates in place of the system's, for a server with a private certificate authority.
    package var trustRootsFile: String?
    /// The proxies for connections to servers.
    package var proxies = ProxySettings.none

    /// A configuration from its parts.
    package init(
        websocketURL: String,
        restURL: String,
        idleTimeout: Duration = .seconds(30),
        connectsPerMinute: Int = 10,
        repairHorizon: Duration = .seconds(3600),
        connectionLifetime: Duration? = nil,
        trustRootsFile: String? = nil
    ) {
        self.websocketURL = websocketURL
        self.restURL = restURL
        self.idleTimeout = idleTimeout
        self.connectsPerMinute = connectsPerMinute
        self.repairHorizon = repairHorizon
        self.connectionLifetime = connectionLifetime
        self.trustRootsFile = trustRootsFile
    }

    var repairHorizonMicroseconds: Int64 { Int64(repairHorizon / .microseconds(1)) }
}
