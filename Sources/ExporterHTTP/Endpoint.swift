/// A route that the program adds to those of the server; answers GET and HEAD.
package struct Endpoint: Sendable {
    /// The name of a document's part that a request is for; nil for the complete document.
    package typealias Part = @Sendable (EndpointRequest) throws -> String?

    enum Source: Sendable {
        case computation(@Sendable (EndpointRequest) async throws -> EndpointResponse)
        case document(SharedDocument, part: Part)
    }

    /// An absolute path, in which a component may be a parameter: `/api/v1/pairs/{name}`.
    package let path: String

    let source: Source

    /// A route that computes each response for one client, one after another on a separate thread; the task is
    /// cancelled when the client leaves.
    ///
    /// An ``EndpointError`` that the closure throws is answered with its status and reason. Any other error is answered
    /// with status 500, and only the log contains the error.
    package init(_ path: String, _ respond: @escaping @Sendable (EndpointRequest) async throws -> EndpointResponse) {
        self.path = path
        source = .computation(respond)
    }

    /// A route whose response all clients share: a document, or a part of it.
    package init(_ path: String, _ document: SharedDocument, part: @escaping Part = { _ in nil }) {
        self.path = path
        source = .document(document, part: part)
    }
}
