import NIOCore

/// How long a client may take, and how much it may send and hold.
struct ConnectionLimits: Sendable {
    /// From the first byte of a request, or the connection, to the last byte of the request.
    var requestTime = TimeAmount.seconds(10)
    /// From the first byte of an answer to its last one being taken by the client's side.
    var responseTime = TimeAmount.seconds(30)
    /// Between two requests.
    var idleTime = TimeAmount.minutes(5)
    /// From the end of what the server has to say to the client closing, too.
    var closingTime = TimeAmount.seconds(5)
    /// Bytes of a request before its body.
    var headBytes = 64 * 1024
    /// Bytes of one header.
    var headerBytes = 16 * 1024
    /// Headers of one request.
    var headerCount = 100
    /// Connections open at once.
    var connections = 1000
}
