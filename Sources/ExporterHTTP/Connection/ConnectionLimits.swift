import NIOCore
import PrometheusExposition

/// How long a client may take, and how much it may send and hold.
struct ConnectionLimits: Sendable {
    /// From the first byte of a request, or the connection, to the last byte of the request.
    var requestTime = TimeAmount.seconds(10)
    /// From the first byte of an answer to the client's side having taken its last one.
    var responseTime = TimeAmount.seconds(30)
    /// Between two requests.
    var idleTime = TimeAmount.minutes(5)
    /// From the end of what the server has to say to the client closing, too.
    var closingTime = TimeAmount.seconds(5)
    /// Bytes of the path and query.
    var targetBytes = 16 * 1024
    /// Bytes of a request before its body.
    var headBytes = 64 * 1024
    /// Bytes of one header.
    var headerBytes = 16 * 1024
    /// Headers of one request.
    var headerCount = 100
    /// Bytes of a body; no route reads one, so that a request has little reason to bring one.
    var bodyBytes = 64 * 1024
    /// Bytes of answers that the system holds for a client that does not read them.
    var sendBuffer = 256 * 1024
    /// Connections open at once.
    var connections = ConnectionLimits.affordableConnections
    /// Connections open at once of one address.
    var connectionsOfAddress = 250

    /// Files and sockets that the rest of the program may need open.
    private static let otherFiles = 56

    /// As many as leave files for the rest: libdispatch ends a process that cannot open another.
    private static var affordableConnections: Int {
        let limit = ProcessUsage.openFilesLimit().flatMap { Int(exactly: $0) } ?? .max
        return max(4, min(1000, limit - otherFiles))
    }
}
