/// The limits of a venue's REST interface for one IP address.
struct RequestLimits: Sendable {
    /// The greatest sum of ``RESTRequest/weight`` in any minute.
    var weightPerMinute: Int
    /// The response header with the weight used within this minute, nil where there is none.
    var usedWeightHeader: String?
    /// The minimum time between two requests, where the venue limits requests per second.
    var interval = Duration.zero
}
