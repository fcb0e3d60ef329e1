import Foundation

/// A request to a venue's REST interface, and the decoding of its response.
struct RESTRequest<Answer: Sendable>: Sendable {
    /// Path and query below the configured URL, beginning with a slash.
    var target: String
    /// Its weight within the venue's limit.
    var weight: Int
    /// Decodes the body of a response with status 200; throws when it does not have the documented form.
    var read: @Sendable (Data) throws -> Answer
}
