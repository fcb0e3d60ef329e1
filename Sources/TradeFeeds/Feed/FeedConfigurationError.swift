/// Why a feed cannot be made from its configuration.
package enum FeedConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address of the server is not a WebSocket URL.
    case url(String, reason: String)
    /// An address with a valid form that cannot be used.
    case address(String, problem: String)
    /// The file of trusted certificates cannot be used.
    case trustRoots(path: String, reason: String)
    /// No stream of this feed's venue is in the stream table.
    case noStreams(venue: String)
    /// There is no feed of that name.
    case venue(String, known: [String])
    /// The venue has no stream of that name.
    case stream(String, venue: String, known: [String])

    /// The error, and how to correct it.
    package var description: String {
        switch self {
        case .url(let url, let reason):
            "\"\(url)\" is not a WebSocket URL: \(reason); write wss://host[:port][/path]"
        case .address(let address, let problem):
            "\(address): \(problem)"
        case .trustRoots(let path, let reason):
            "the certificates in \(path) cannot be used: \(reason); give a file in PEM format"
        case .noStreams(let venue):
            "no pair uses an instrument of \(venue); name one in a pair or remove the feed"
        case .venue(let name, let known):
            "no feed for venue \"\(name)\"; there are \(known.joined(separator: ", "))"
        case .stream(let name, let venue, let known):
            "\(venue) has no stream \"\(name)\"; it has \(known.joined(separator: ", "))"
        }
    }
}
