/// Why an exporter does not count as healthy.
package enum HealthCheckError: Error, Hashable, CustomStringConvertible {
    /// The response has another status than 200.
    case refused(String, status: Int, answer: String)
    /// There was no response.
    case noAnswer(String, reason: String)

    /// The address, and what happened.
    package var description: String {
        switch self {
        case .refused(let target, let status, let answer): "\(target): \(status): \(answer)"
        case .noAnswer(let target, let reason): "\(target): \(reason); is the exporter running and listening there?"
        }
    }
}
