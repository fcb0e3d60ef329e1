/// What the figures of a report say, in three sentences, and what to watch next.
///
/// Every sentence follows from figures of the same report. Information, never advice.
struct Verdict: Sendable {
    /// Whether the legs are cointegrated, or the series is stationary, and how far to trust that.
    var relation = ""
    /// The position of the last observation.
    var position = ""
    /// How fast distances shrink, and how sure that is.
    var reversion = ""
    /// What may be watched next, a sentence each.
    var watch: [String] = []

    /// The three sentences.
    var sentences: [String] { [relation, position, reversion] }

    /// The verdict for programs.
    var json: JSONValue {
        .object([
            ("relation", .string(relation)), ("position", .string(position)), ("reversion", .string(reversion)),
            ("watch", .array(watch.map { .string($0) })),
        ])
    }
}
