import NIOCore
import PrometheusExposition

/// Limits of a client: on time, size of requests and number of connections.
struct ConnectionLimits: Sendable {
    /// From the first byte of a request, or the connection, to the last byte of the request.
    var requestTime = TimeAmount.seconds(10)
    /// From the first byte of a response to the last one that the client's system has received.
    var responseTime = TimeAmount.seconds(30)
    /// Between two requests.
    var idleTime = TimeAmount.minutes(5)
    /// From the end of the last response until the client must have closed.
    var closingTime = TimeAmount.seconds(5)
    /// Bytes of the path and query.
    var targetBytes = 16 * 1024
    /// Bytes of a request before its body.
    var headBytes = 64 * 1024
    /// Bytes of one header.
    var headerBytes = 16 * 1024
    /// Headers of one request.
    var headerCount = 100
    /// Bytes of a body; no route reads one, so a request has little reason to contain one.
    var bodyBytes = 64 * 1024
    /// Bytes of responses that the system buffers for a client that does not read them.
    var sendBuffer = 256 * 1024
    /// Connections open at once.
    var connections = ConnectionLimits.affordableConnections
    /// Connections open at once of one address.
    var connectionsOfAddress = 250

    /// Files and sockets that the rest of the program may need open.
    private static let otherFiles = 56

    /// The greatest number that leaves files for the rest: libdispatch ends a process that cannot open another.
    private static var affordableConnections: Int {
        let limit = ProcessUsage.openFilesLimit().flatMap { Int(exactly: $0) } ?? .max
        return max(4, min(1000, limit - otherFiles))
    }
}
