/// Why a venue's REST interface gave no answer to use.
enum RequestFailure: Error, CustomStringConvertible {
    /// It asked for patience.
    case rateLimited(status: Int, wait: Duration, words: String?)
    /// It refused the request, or failed, in its own words.
    case status(Int, words: String?)
    /// It was not asked, because it had asked for patience for longer than the caller waits.
    case notAsked(wait: Duration)
    /// It did not answer.
    case unreachable(String)
    /// Its answer is not what it documents.
    case malformed(String)

    var outcome: RequestOutcome {
        switch self {
        case .rateLimited, .notAsked: .rateLimited
        case .status(let status, _): status >= 500 ? .serverError : .refused
        case .unreachable: .unreachable
        case .malformed: .malformed
        }
    }

    var description: String {
        switch self {
        case .rateLimited(let status, let wait, let words): "\(Self.answer(status, words)), asked to wait \(wait)"
        case .status(let status, let words): Self.answer(status, words)
        case .notAsked(let wait): "not asked, because the venue asked to wait for another \(wait)"
        case .unreachable(let reason): "no answer: \(reason)"
        case .malformed(let reason): "an answer that cannot be read: \(reason)"
        }
    }

    private static func answer(_ status: Int, _ words: String?) -> String {
        "status \(status)\(words.map { ": \"\($0)\"" } ?? "")"
    }
}
