/// Whether the program can do its job, or has data, as `/-/ready` and `/-/flowing` answer.
package enum Readiness: Sendable, Hashable {
    /// Nothing is missing.
    case ready
    /// Something is still missing; one line per reason.
    case notReady(reasons: [String])
}
