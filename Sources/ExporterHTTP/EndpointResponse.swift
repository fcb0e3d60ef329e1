/// The response of an ``Endpoint``, with status 200.
package struct EndpointResponse: Sendable {
    /// The value of the `Content-Type` header.
    package let contentType: String
    /// The body.
    package let body: [UInt8]

    /// A response from its parts.
    package init(contentType: String, body: [UInt8]) {
        self.contentType = contentType
        self.body = body
    }

    /// A JSON document.
    package static func json(_ text: String) -> EndpointResponse {
        EndpointResponse(contentType: "application/json", body: Array(text.utf8))
    }

    /// Plain text.
    package static func text(_ text: String) -> EndpointResponse {
        EndpointResponse(contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
