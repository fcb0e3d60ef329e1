/// A route that the program adds to those of the server; answers GET and HEAD.
public struct Endpoint: Sendable {
    /// An absolute path, in which a component may be a parameter: `/api/v1/pairs/{name}`.
    public let path: String

    let respond: @Sendable (EndpointRequest) async throws -> EndpointResponse

    /// A route. What the closure throws is answered with status 500 and its description, an ``EndpointError`` with its
    /// own status and reason.
    public init(_ path: String, _ respond: @escaping @Sendable (EndpointRequest) async throws -> EndpointResponse) {
        self.path = path
        self.respond = respond
    }
}
