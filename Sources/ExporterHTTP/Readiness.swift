/// Whether the program can work, or has data, as `/-/ready` and `/-/flowing` report.
package enum Readiness: Sendable, Hashable {
    /// Nothing is missing.
    case ready
    /// Something is still missing; one line per reason.
    case notReady(reasons: [String])
}
