/// Why a feed cannot be made from its configuration.
public enum FeedConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address of the server is not a WebSocket URL.
    case url(String, reason: String)
    /// The file of trusted certificates cannot be used.
    case trustRoots(path: String, reason: String)
    /// No stream of this feed's venue is in the stream table.
    case noStreams(venue: String)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .url(let url, let reason):
            "\"\(url)\" is not a WebSocket URL: \(reason); write wss://host[:port][/path]"
        case .trustRoots(let path, let reason):
            "the certificates in \(path) cannot be used: \(reason); give a file in PEM format"
        case .noStreams(let venue):
            "no instrument of \(venue) is asked for; name one in a pair or leave the feed out"
        }
    }
}
