/// Why an ``Endpoint`` refuses a request.
package struct EndpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status.
    package let status: Int
    /// What is wrong and what would be right, in a sentence.
    package let description: String

    /// The request is not valid: status 400.
    package static func badRequest(_ reason: String) -> EndpointError {
        EndpointError(status: 400, description: reason)
    }

    /// The exporter failed: status 500. The reason contains no file names, since clients receive it.
    package static func failed(_ reason: String) -> EndpointError {
        EndpointError(status: 500, description: reason)
    }

    /// The name does not exist: status 404.
    package static func notFound(_ reason: String) -> EndpointError {
        EndpointError(status: 404, description: reason)
    }
}
