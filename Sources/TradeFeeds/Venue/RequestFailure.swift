/// Why a request to a venue's REST interface failed.
enum RequestFailure: Error, CustomStringConvertible {
    /// The rate limit was exceeded; the venue requests a wait.
    case rateLimited(status: Int, wait: Duration, errorText: String?)
    /// The venue refused the request or failed, with its status and text.
    case status(Int, errorText: String?)
    /// The request was not sent, because the venue requested a longer wait than the caller accepts.
    case notSent(wait: Duration)
    /// There was no response.
    case unreachable(String)
    /// The response does not have the documented form.
    case malformed(String)

    var outcome: RequestOutcome {
        switch self {
        case .rateLimited, .notSent: .rateLimited
        case .status(let status, _): status >= 500 ? .serverError : .refused
        case .unreachable: .unreachable
        case .malformed: .malformed
        }
    }

    var description: String {
        switch self {
        case .rateLimited(let status, let wait, let errorText):
            "\(Self.answer(status, errorText)), requested wait \(wait)"
        case .status(let status, let errorText): Self.answer(status, errorText)
        case .notSent(let wait): "not sent, because the venue requested a wait of another \(wait)"
        case .unreachable(let reason): "no response: \(reason)"
        case .malformed(let reason): "a response that cannot be read: \(reason)"
        }
    }

    private static func answer(_ status: Int, _ errorText: String?) -> String {
        "status \(status)\(errorText.map { ": \"\($0)\"" } ?? "")"
    }
}
