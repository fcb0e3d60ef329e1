extension VenueDescriptor {
    /// Checks an address for the venue's streams.
    /// - Throws: ``FeedConfigurationError`` for a text that is no address, and for an address with a path or query item
    ///   that the feed adds itself or that changes the form of the messages.
    package func check(websocketURL: String) throws(FeedConfigurationError) {
        let endpoint = try WebSocketEndpoint(websocketURL)
        for end in ownPaths where endpoint.path.hasSuffix(end) {
            throw .address(websocketURL, problem: "the feed adds the path \(end) itself; leave it out")
        }
        for item in endpoint.query.split(separator: "&") {
            let name = String(item.prefix { $0 != "=" })
            if let problem = Self.ownQueryItems[name.lowercased()] {
                throw .address(websocketURL, problem: "\(name): \(problem)")
            }
        }
    }

    /// Checks an address for the venue's REST interface.
    /// - Throws: ``FeedConfigurationError``.
    package func check(restURL: String) throws(FeedConfigurationError) {
        guard let scheme = ["http", "https"].first(where: { restURL.hasPrefix("\($0)://") }) else {
            throw .address(restURL, problem: "it begins with neither https:// nor http://")
        }
        // Host, port and path have the same form in WebSocket and HTTP addresses.
        let counterpart = (scheme == "https" ? "wss" : "ws") + restURL.dropFirst(scheme.count)
        do throws(FeedConfigurationError) {
            let endpoint = try WebSocketEndpoint(counterpart)
            guard endpoint.query.isEmpty, !restURL.contains("?") else {
                throw FeedConfigurationError.url(restURL, reason: "it has a query")
            }
        } catch {
            guard case .url(_, let reason) = error else { throw error }
            throw .address(restURL, problem: "\(reason); write https://host[:port][/path]")
        }
    }

    /// The query items that the feed sets itself, or that change the form of the venue's messages.
    private static let ownQueryItems = [
        "streams": "the feed adds the streams itself; leave it out",
        "timeunit": "the feed reads times in milliseconds; leave it out",
    ]
}
