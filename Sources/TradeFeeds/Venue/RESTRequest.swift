import Foundation

/// A question to a venue's REST interface, and how its answer is read.
struct RESTRequest<Answer: Sendable>: Sendable {
    /// Path and query below the configured URL, beginning with a slash.
    var target: String
    /// What it costs of the venue's limit.
    var weight: Int
    /// Reads the body of an answer with status 200; throws when it is not what the venue documents.
    var read: @Sendable (Data) throws -> Answer
}
