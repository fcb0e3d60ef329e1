/// How a request to a venue's REST interface ended; the raw value is the label `outcome`.
package enum RequestOutcome: String, Sendable, CaseIterable {
    /// The response contained requested data.
    case success
    /// The response did not contain the requested data.
    case nothing
    /// The venue's rate limit was exceeded (429, 418).
    case rateLimited = "rate_limited"
    /// The venue refused the request (other 4xx).
    case refused
    /// The venue reported an error of its own (5xx).
    case serverError = "server_error"
    /// There was no response.
    case unreachable
    /// The response does not have the documented form.
    case malformed
}
