/// Why an ``Endpoint`` refuses a request.
public struct EndpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status.
    public let status: Int
    /// What is wrong and what would be right, in a sentence.
    public let description: String

    /// The request cannot be understood: status 400.
    public static func badRequest(_ reason: String) -> EndpointError {
        EndpointError(status: 400, description: reason)
    }

    /// The exporter could not do it: status 500. The reason names no file, for it goes to a client.
    public static func failed(_ reason: String) -> EndpointError {
        EndpointError(status: 500, description: reason)
    }

    /// There is nothing of that name: status 404.
    public static func notFound(_ reason: String) -> EndpointError {
        EndpointError(status: 404, description: reason)
    }
}
