import PairsApp

/// The meaning of a report's figures in three sentences, and the next things to watch.
///
/// Every sentence follows from figures of the same report. Information, never advice.
struct Verdict: Sendable {
    /// Whether the legs are cointegrated, or the series is stationary, and how far to trust that.
    var relation = ""
    /// The position of the last observation.
    var position = ""
    /// How fast distances shrink, and how certain that is.
    var reversion = ""
    /// The next things to watch, one sentence each.
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
