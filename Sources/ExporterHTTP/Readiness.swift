/// Whether the program can do its job, as `/-/ready` tells it.
public enum Readiness: Sendable, Hashable {
    /// Everything works.
    case ready
    /// Something is still missing; one line per reason.
    case notReady(reasons: [String])
}
