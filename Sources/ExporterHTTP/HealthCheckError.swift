/// Why an exporter does not count as healthy.
package enum HealthCheckError: Error, Hashable, CustomStringConvertible {
    /// It answered with another status than 200.
    case refused(String, status: Int, answer: String)
    /// It did not answer.
    case noAnswer(String, reason: String)

    /// Who was asked, and what came back.
    package var description: String {
        switch self {
        case .refused(let target, let status, let answer): "\(target): \(status): \(answer)"
        case .noAnswer(let target, let reason): "\(target): \(reason); is the exporter running and listening there?"
        }
    }
}
