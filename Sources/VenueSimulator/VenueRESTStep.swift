/// The answer of a simulated venue to one request to its REST interface.
package enum VenueRESTStep: Sendable {
    /// Answers from the recording.
    case answer
    /// Answers with this body, for a venue whose REST interface is not simulated.
    case reply(String)
    /// Answers without the trades with these ids.
    case without(ClosedRange<Int64>)
    /// Answers with a status and an error message.
    case refuse(status: Int, headers: [String: String] = [:])
    /// Answers a request for the time with this machine's time plus an offset in milliseconds.
    case time(offset: Int64)
}
