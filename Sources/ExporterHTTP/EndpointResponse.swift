/// What an ``Endpoint`` answers, with status 200.
public struct EndpointResponse: Sendable {
    /// The value of the `Content-Type` header.
    public let contentType: String
    /// The body.
    public let body: [UInt8]

    /// An answer from its parts.
    public init(contentType: String, body: [UInt8]) {
        self.contentType = contentType
        self.body = body
    }

    /// A JSON document.
    public static func json(_ text: String) -> EndpointResponse {
        EndpointResponse(contentType: "application/json", body: Array(text.utf8))
    }

    /// Text for people.
    public static func text(_ text: String) -> EndpointResponse {
        EndpointResponse(contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
