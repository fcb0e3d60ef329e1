/// Why a request to a venue's REST interface failed.
enum RequestFailure: Error, CustomStringConvertible {
    /// The rate limit was exceeded; the venue requests a wait.
    case rateLimited(status: Int, wait: Duration, words: String?)
    /// The venue refused the request or failed, with its status and text.
    case status(Int, words: String?)
    /// The request was not sent, because the venue requested a longer wait than the caller accepts.
    case notAsked(wait: Duration)
    /// There was no response.
    case unreachable(String)
    /// The response does not have the documented form.
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
        case .rateLimited(let status, let wait, let words): "\(Self.answer(status, words)), requested wait \(wait)"
        case .status(let status, let words): Self.answer(status, words)
        case .notAsked(let wait): "not sent, because the venue requested a wait of another \(wait)"
        case .unreachable(let reason): "no response: \(reason)"
        case .malformed(let reason): "a response that cannot be read: \(reason)"
        }
    }

    private static func answer(_ status: Int, _ words: String?) -> String {
        "status \(status)\(words.map { ": \"\($0)\"" } ?? "")"
    }
}
