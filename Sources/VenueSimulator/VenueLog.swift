/// What a simulated venue has seen and done.
public struct VenueLog: Sendable {
    /// The request target of each WebSocket handshake.
    public internal(set) var handshakes: [String] = []
    /// The payloads of pongs.
    public internal(set) var pongs: [String] = []
    /// The codes of close frames received; nil for one without.
    public internal(set) var closeCodes: [UInt16?] = []
    /// The requests to subscribe and unsubscribe, as sent.
    public internal(set) var requests: [String] = []
    /// The request target of each REST request.
    public internal(set) var restRequests: [String] = []
    /// Frames sent from the recording.
    public internal(set) var framesSent = 0
    /// WebSocket connections that are open.
    public internal(set) var openConnections = 0
    /// Frames from the client that were not masked with a key of their own.
    public internal(set) var unmaskedFrames = 0
}
