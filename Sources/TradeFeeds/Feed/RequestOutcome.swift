/// How a request to a venue's REST interface ended; the raw value is the label `outcome`.
package enum RequestOutcome: String, Sendable, CaseIterable {
    /// It was answered with something new.
    case success
    /// It was answered, and what was asked for was not in the answer.
    case nothing
    /// The venue asked for patience (429, 418).
    case rateLimited = "rate_limited"
    /// The venue refused the request (other 4xx).
    case refused
    /// The venue failed (5xx).
    case serverError = "server_error"
    /// There was no answer.
    case unreachable
    /// The answer was not what the venue documents.
    case malformed
}
