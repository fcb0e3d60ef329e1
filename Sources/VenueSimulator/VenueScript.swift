/// How a simulated venue treats one connection.
package enum VenueScript: Sendable {
    /// Answers the handshake with an HTTP status.
    case refuse(status: Int, headers: [String: String] = [:])
    /// Accepts, and takes these steps.
    case serve([VenueStep])
}
