/// What a venue's REST interface allows one address.
struct RequestLimits: Sendable {
    /// The most weight in any minute; a request's weight is its ``RESTRequest/weight``.
    var weightPerMinute: Int
    /// The header in which an answer tells the weight used within this minute, nil where there is none.
    var usedWeightHeader: String?
    /// The least time between two requests, where the venue counts by the second.
    var interval = Duration.zero
}
