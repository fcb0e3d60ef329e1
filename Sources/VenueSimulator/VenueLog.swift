/// The events and actions of a simulated venue.
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
    /// The number of frames sent from the recording.
    package internal(set) var framesSent = 0
    /// The number of open WebSocket connections.
    package internal(set) var openConnections = 0
    /// The number of frames from the client without a mask.
    package internal(set) var unmaskedFrames = 0
}
