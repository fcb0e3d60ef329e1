/// What a simulated venue does with one request to its REST interface.
package enum VenueRESTStep: Sendable {
    /// Answers from the recording.
    case answer
    /// Answers with this body, for a venue whose REST interface is not simulated.
    case reply(String)
    /// Answers as if the venue did not know these ids, so far or at all.
    case without(ClosedRange<Int64>)
    /// Answers with a status and nothing else.
    case refuse(status: Int, headers: [String: String] = [:])
    /// Answers a question for the time with one that is so many milliseconds off this machine's.
    case time(offset: Int64)
}
