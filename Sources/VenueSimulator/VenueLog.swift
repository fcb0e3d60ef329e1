/// What a simulated venue has seen and done.
package struct VenueLog: Sendable {
    /// The request target of each WebSocket handshake.
    package internal(set) var handshakes: [String] = []
    /// The payloads of pongs.
    package internal(set) var pongs: [String] = []
    /// The codes of close frames received; nil for one without.
    package internal(set) var closeCodes: [UInt16?] = []
    /// The requests to subscribe and unsubscribe, as sent.
    package internal(set) var requests: [String] = []
    /// The request target of each REST request.
    package internal(set) var restRequests: [String] = []
    /// Frames sent from the recording.
    package internal(set) var framesSent = 0
    /// WebSocket connections that are open.
    package internal(set) var openConnections = 0
    /// Frames from the client that were not masked with a key of their own.
    package internal(set) var unmaskedFrames = 0
}
