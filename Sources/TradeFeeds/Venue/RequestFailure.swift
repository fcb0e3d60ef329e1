/// Why a venue's REST interface gave no answer to use.
enum RequestFailure: Error, CustomStringConvertible {
    /// It asked for patience.
    case rateLimited(status: Int, wait: Duration)
    /// It answered with another status than 200.
    case status(Int)
    /// It did not answer.
    case unreachable(String)
    /// Its answer is not what it documents.
    case malformed(String)

    var outcome: RequestOutcome {
        switch self {
        case .rateLimited: .rateLimited
        case .status(let status): status >= 500 ? .serverError : .refused
        case .unreachable: .unreachable
        case .malformed: .malformed
        }
    }

    var description: String {
        switch self {
        case .rateLimited(let status, let wait): "status \(status), asked to wait \(wait)"
        case .status(let status): "status \(status)"
        case .unreachable(let reason): "no answer: \(reason)"
        case .malformed(let reason): "an answer that cannot be read: \(reason)"
        }
    }
}
