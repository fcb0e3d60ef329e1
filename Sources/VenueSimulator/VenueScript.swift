/// The behaviour of a simulated venue on one connection.
package enum VenueScript: Sendable {
    /// Answers the handshake with an HTTP status.
    case refuse(status: Int, headers: [String: String] = [:])
    /// Accepts the handshake and performs these steps.
    case serve([VenueStep])
}
